import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rules } from '../../rules/index.ts'
import { audit, type AuditOutcome } from '../../src/audit/index.ts'
import { plannedEventNames } from '../../src/cli/event-names.ts'
import { loadPlan } from '../../src/config/index.ts'
import type { Plan } from '../../src/core/plan.ts'
import type { Settings } from '../../src/core/settings.ts'
import { createClient } from '../../src/customerio/index.ts'
import {
  shopPlan,
  startSimulator,
  writeBulkFiles,
  type Fact,
  type Variant,
} from '../../src/simulator/index.ts'
import { openSnapshot, snapshotPath } from '../../src/snapshot/index.ts'
import { pullWorkspace } from '../../src/sources/app-api/index.ts'
import { bringFiles, findSources } from '../../src/sources/files/index.ts'
import { asOf, settings as defaults } from './workspace.ts'

export type Way = 'api' | 'pipelines' | 'warehouse' | 'export'
export interface Shop {
  readonly people: number
  readonly seed: number
  readonly variant: Variant
  readonly eventsPerPerson?: number
}

interface Snapshot {
  readonly path: string
  readonly stateDir: string
}

/** One population in all the forms in which its data can be had, for audits of any of them together. */
export class ManyWays {
  /** What is true of the files of each way: what was done before a login is in Pipelines files alone. */
  readonly facts: Readonly<Partial<Record<Way, readonly Fact[]>>>
  readonly plan: Plan
  /** Where the files of each way are; a test may put others there. */
  readonly folders: Record<Exclude<Way, 'api'>, string>
  readonly #shop: Shop
  readonly #folder: string

  private constructor(shop: Shop, folder: string, facts: ManyWays['facts'], plan: Plan) {
    this.#shop = shop
    this.#folder = folder
    this.facts = facts
    this.plan = plan
    this.folders = {
      pipelines: join(folder, 'pipelines'),
      warehouse: join(folder, 'warehouse'),
      export: join(folder, 'export'),
    }
  }

  static async of(
    shop: Shop,
    kinds: readonly Exclude<Way, 'api'>[] = ['pipelines', 'warehouse', 'export'],
  ): Promise<ManyWays> {
    const folder = await mkdtemp(join(tmpdir(), 'cio-audit-ways-'))
    const facts: Partial<Record<Way, readonly Fact[]>> = {}
    for (const kind of kinds) {
      const files = await writeBulkFiles({ ...shop, now: asOf, kind, folder: join(folder, kind) })
      facts[kind] = files.facts
    }
    await writeFile(join(folder, 'plan.yaml'), shopPlan())
    return new ManyWays(shop, folder, facts, await loadPlan('plan.yaml', folder))
  }

  /** Pulls and loads what is asked for into one snapshot, and audits it. */
  async audit<T>(
    ways: readonly Way[],
    work: (outcome: AuditOutcome) => Promise<T>,
    changed: Partial<Settings> = {},
  ): Promise<T> {
    return await this.auditSnapshot(await this.snapshot(ways), [], work, changed)
  }

  async auditSnapshot<T>(
    { path, stateDir }: Snapshot,
    only: readonly string[],
    work: (outcome: AuditOutcome) => Promise<T>,
    changed: Partial<Settings> = {},
  ): Promise<T> {
    const outcome = await audit({
      snapshotPath: path,
      stateDir,
      // Pipelines files and exports do not say which workspace they are of.
      settings: { ...defaults, workspace: { ...defaults.workspace, id: 101 }, ...changed },
      plan: this.plan,
      waivers: [],
      baseline: null,
      rules,
      only,
      skip: [],
      toolVersion: '0.0.0',
      asOf,
      since: new Date(asOf.getTime() - 30 * 86400 * 1000),
    })
    try {
      return await work(outcome)
    } finally {
      await outcome.close()
    }
  }

  /** The snapshot that an audit of these would read. */
  async snapshot(ways: readonly Way[]): Promise<Snapshot> {
    const stateDir = await mkdtemp(join(this.#folder, 'state-'))
    return { path: await this.#bringIn(ways, stateDir), stateDir }
  }

  async #bringIn(ways: readonly Way[], stateDir: string): Promise<string> {
    const { signal } = new AbortController()
    const store = ways.includes('api') ? 'snapshot' : 'files'
    const snapshot = await openSnapshot({ stateDir, access: 'write', store })
    const load = async (): Promise<string> => {
      const kinds = ways.filter((way) => way !== 'api')
      const found = await findSources(kinds.map((kind) => ({ path: this.folders[kind], name: kind })))
      const quiet = (): void => undefined
      return await bringFiles(snapshot, found, {
        tempDir: join(stateDir, 'tmp'),
        signal,
        now: asOf,
        say: quiet,
        note: quiet,
      })
    }
    try {
      if (ways.includes('api')) await this.#pull(snapshot, signal, ways.length > 1 ? load : undefined)
      else {
        await snapshot.setMeta({ hash: await load() })
        await snapshot.finish()
      }
    } finally {
      await snapshot.close()
    }
    return snapshotPath(stateDir, store)
  }

  async #pull(
    snapshot: Awaited<ReturnType<typeof openSnapshot>>,
    signal: AbortSignal,
    also: (() => Promise<string>) | undefined,
  ): Promise<void> {
    const simulator = await startSimulator({ ...this.#shop, now: asOf })
    try {
      const client = createClient({ appKey: simulator.appKey, baseUrl: simulator.appUrl, signal })
      await pullWorkspace(snapshot, client, {
        since: new Date(asOf.getTime() - 30 * 86400 * 1000),
        eventNames: plannedEventNames(this.plan),
        workspaceId: null,
        isSinceExplicit: true,
        signal,
        onProgress: () => undefined,
        ...(also ? { also } : {}),
        now: () => asOf,
      })
    } finally {
      await simulator.close()
    }
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** The findings of a rule: what each is about, with its fingerprint. */
export async function findingsOf(outcome: AuditOutcome, rule: string): Promise<string[]> {
  const all: string[] = []
  for await (const rows of outcome.findings(rule)) {
    for (const { subject, fingerprint } of rows) all.push(`${subject.key} ${fingerprint}`)
  }
  return all.toSorted()
}
