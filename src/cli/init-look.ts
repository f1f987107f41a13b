import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withModel } from '../audit/open-model.ts'
import { builtInPlan } from '../config/index.ts'
import { defaultSettings } from '../config/settings.ts'
import type { Intent, Plan } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { inferPlan, type InferredPlan } from '../model/observed/index.ts'
import { openSnapshot, snapshotPath } from '../snapshot/index.ts'
import { pullGlimpse } from '../sources/app-api/glimpse.ts'
import { defaultDays } from './bring-in.ts'
import { connect, trackWorkspace, type Connecting } from './connect.ts'
import { daysBefore } from './moments.ts'

/** What a first look at a workspace tells; null and empty where it told nothing. */
export interface Found {
  readonly name: string | null
  /** What ids look like, as the config names it; `share` of those that were looked at. */
  readonly ids: { readonly pattern: string; readonly share: number; readonly ids: number } | null
  readonly authEvents: readonly string[]
  readonly optInAttribute: string | null
  /** Null where nothing was seen to plan. */
  readonly inferred: InferredPlan | null
}

/**
 * A dozen reads into a snapshot of its own, and the model of a run over it; nothing of it is kept. The config and the plan
 * of the folder play no part: they are the ones to write.
 */
export async function lookAtWorkspace(job: Connecting): Promise<Found> {
  const { io } = job
  const now = io.now()
  const folder = await mkdtemp(join(tmpdir(), 'cio-audit-init-'))
  try {
    const snapshot = await openSnapshot({ stateDir: folder, access: 'write' })
    let name: string | null = null
    try {
      const since = daysBefore(now, defaultDays).toISOString()
      await snapshot.setMeta({ since, pull_started_at: now.toISOString() })
      const client = await connect(job, undefined, {})
      const workspaceId = await trackWorkspace(job, {})
      const workspace = await pullGlimpse(snapshot, client, { workspaceId, worthALook })
      name = workspace?.name ?? null
      await snapshot.setMeta({ pull_ended_at: now.toISOString() })
      await snapshot.finish()
    } finally {
      await snapshot.close()
    }
    io.signal.throwIfAborted()
    const view = {
      snapshotPath: snapshotPath(folder),
      stateDir: folder,
      settings: defaultSettings(),
      plan: builtInPlan,
    }
    return await withModel(view, async (db) => ({ name, ...(await readModel(db)) }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What a journey about money hangs on, in this order. */
const worth: readonly Intent[] = ['cart', 'purchase', 'checkout', 'product']

/** For each intent the best known of its names among those seen. */
function worthALook(seen: readonly string[]): string[] {
  return worth.flatMap((intent) => {
    const names = builtInPlan.byIntent.find((pattern) => pattern.intent === intent)?.names ?? []
    return names.find((name) => seen.includes(name)) ?? []
  })
}

async function readModel(db: Database): Promise<Omit<Found, 'name'>> {
  const [ids] = await db.rows(raw('select name, top, share, ids from canonical_id'))
  const inferred = await inferPlan(db)
  const { plan } = inferred
  const isEmpty = Object.keys(plan.events).length + Object.keys(plan.attributes).length === 0
  return {
    ids: idsOf(ids),
    authEvents: Object.keys(plan.events).filter((name) => authWords.test(name) && !leaving.test(name)),
    optInAttribute: optInOf(plan),
    inferred: isEmpty ? null : inferred,
  }
}

/** The formats of the model by the words of the config; others it has no word for, and the audit tells them itself. */
const patterns: Readonly<Record<string, string>> = {
  uuid: 'uuid',
  integer: 'integer',
  ulid: 'ulid',
  'e-mail': 'email',
}

function idsOf(row: Readonly<Record<string, unknown>> | undefined): Found['ids'] {
  const pattern = patterns[String(row?.['name'])]
  if (row === undefined || pattern === undefined) return null
  return { pattern, share: Number(row['share']), ids: Number(row['ids']) }
}

/** `login`, `Signed In`, `user_registered`, `account_created`; not `sign_out` or `login_failed`. */
const authWords =
  /(?:^|[^a-z])(?:log(?:ged)?|sign(?:ed)?)[ _-]?(?:in|up)(?![a-z])|regist(?:er|ration)|account[ _-]?created/i
const leaving = /fail|error|attempt|click|view|start/i

/** Whatever its values read as: a defect in them is for the audit to tell. */
function optInOf({ attributes }: Plan): string | null {
  const names = Object.keys(attributes).filter((name) => /push/i.test(name) && permission.test(name))
  return names.find((name) => name === 'push_opt_in') ?? names[0] ?? null
}
const permission = /opt|enabl|permi|consent|allow|subscri/i
