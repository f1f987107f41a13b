import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rules } from '../../rules/index.ts'
import { audit, type AuditOutcome } from '../../src/audit/index.ts'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { loadPlan } from '../../src/config/index.ts'
import { plannedEventNames } from '../../src/cli/event-names.ts'
import type { Plan } from '../../src/core/plan.ts'
import type { Settings } from '../../src/core/settings.ts'
import { createClient } from '../../src/customerio/index.ts'
import {
  shopPlan,
  startSimulator,
  type Fact,
  type Simulator,
  type SimulatorOptions,
} from '../../src/simulator/index.ts'
import { openSnapshot, snapshotPath } from '../../src/snapshot/index.ts'
import { pullWorkspace, type SampleWanted } from '../../src/sources/app-api/index.ts'
import { asOf, settings as defaults } from './workspace.ts'

export interface Audited {
  readonly outcome: AuditOutcome
  readonly facts: readonly Fact[]
}

interface Pulled {
  readonly stateDir: string
  readonly simulator: Simulator
  readonly plans: Record<'shop' | 'built-in', Plan>
}

/** A shop from its seed through HTTP, pull, snapshot, model and rules: every part the real one. */
export function withShop<T>(
  shop: Omit<SimulatorOptions, 'now'>,
  plans: readonly ('shop' | 'built-in')[],
  settings: Settings | undefined,
  work: (audited: Audited, plan: 'shop' | 'built-in') => Promise<T>,
  sample?: SampleWanted,
): Promise<T[]> {
  const pulled = async ({ stateDir, simulator, plans: loaded }: Pulled): Promise<T[]> => {
    const results: T[] = []
    for (const plan of plans) {
      const outcome = await audit({
        snapshotPath: snapshotPath(stateDir),
        stateDir,
        settings: settings ?? defaults,
        plan: loaded[plan],
        waivers: [],
        baseline: null,
        rules,
        only: [],
        skip: [],
        toolVersion: '0.0.0',
        asOf,
      })
      try {
        const facts = simulator.facts.filter((fact) => fact.plan === plan || fact.plan === 'both')
        results.push(await work({ outcome, facts }, plan))
      } finally {
        await outcome.close()
      }
    }
    return results
  }
  return withPulledShop(shop, plans, pulled, sample)
}

/** The same up to the snapshot. */
export async function withPulledShop<T>(
  shop: Omit<SimulatorOptions, 'now'>,
  plans: readonly ('shop' | 'built-in')[],
  work: (pulled: Pulled) => Promise<T>,
  sample?: SampleWanted,
): Promise<T> {
  const stateDir = await mkdtemp(join(tmpdir(), 'cio-audit-shop-'))
  const simulator = await startSimulator({ ...shop, now: asOf })
  try {
    await writeFile(join(stateDir, 'plan.yaml'), shopPlan())
    const loaded: Record<'shop' | 'built-in', Plan> = {
      shop: await loadPlan('plan.yaml', stateDir),
      'built-in': builtInPlan,
    }
    const snapshot = await openSnapshot({ stateDir, access: 'write' })
    const { signal } = new AbortController()
    const client = createClient({ appKey: simulator.appKey, baseUrl: simulator.appUrl, signal })
    await pullWorkspace(snapshot, client, {
      since: new Date(asOf.getTime() - 30 * 86400 * 1000),
      eventNames: [...new Set(plans.flatMap((plan) => plannedEventNames(loaded[plan])))],
      ...(sample === undefined ? {} : { sample }),
      workspaceId: null,
      isSinceExplicit: true,
      signal,
      onProgress: () => undefined,
      now: () => asOf,
    })
    await snapshot.close()
    return await work({ stateDir, simulator, plans: loaded })
  } finally {
    await simulator.close()
    await rm(stateDir, { recursive: true, force: true })
  }
}
