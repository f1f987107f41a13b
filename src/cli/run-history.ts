import { join } from 'node:path'
import { CioAuditError } from '../core/errors.ts'
import type { Past } from '../core/past.ts'
import { noCounts } from '../core/past.ts'
import type { AskingRun } from '../core/plan-history.ts'
import type { Plan } from '../core/plan.ts'
import type { TrendPoint } from '../core/trend.ts'
import type { Database } from '../engine/database.ts'
import {
  dailyCountsBefore,
  keepRun,
  mendedBefore,
  planBefore,
  trendBefore,
  withHistory,
  type FinishedRun,
  type Outlook,
} from '../history/index.ts'
import { comparePlans } from './plan-history.ts'
import type { Progress } from './progress.ts'

/**
 * The history as a run uses it. Whatever is wrong with its file is told in one sentence and changes nothing else: a picture
 * of the past decides no launch.
 */
export class RunHistory {
  readonly #stateDir: string
  readonly #progress: Pick<Progress, 'warn'>
  #isWarned = false

  constructor(stateDir: string, progress: Pick<Progress, 'warn'>) {
    this.#stateDir = stateDir
    this.#progress = progress
  }

  past(plan: Plan): Past {
    return {
      comparePlan: async (run) => comparePlans(plan, await this.#read((db) => planBefore(db, run), null)),
      mended: (run, baseline) => this.#read((db) => mendedBefore(db, run, baseline), new Set<string>()),
      dailyCounts: (run) => this.#read((db) => dailyCountsBefore(db, run), noCounts),
    }
  }

  /** What the runs before this one said that looked at the same things, oldest first. */
  trend(run: AskingRun, outlook: Outlook): Promise<TrendPoint[]> {
    return this.#read((db) => trendBefore(db, run, outlook), [])
  }

  async keep(run: FinishedRun, most: number): Promise<void> {
    await this.#attempt('write', async (db) => db && keepRun(db, run, most), null)
  }

  #read<T>(work: (db: Database) => Promise<T>, otherwise: T): Promise<T> {
    return this.#attempt('read', async (db) => (db === null ? otherwise : await work(db)), otherwise)
  }

  async #attempt<T>(
    access: 'read' | 'write',
    work: (db: Database | null) => Promise<T>,
    otherwise: T,
  ): Promise<T> {
    try {
      return await withHistory(this.#stateDir, access, work)
    } catch (cause) {
      if (!this.#isWarned)
        this.#progress.warn(
          `The history ${join(this.#stateDir, 'history.duckdb')} is left out: ${historyReason(cause)}.`,
        )
      this.#isWarned = true
      return otherwise
    }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENGINE_LOCKED: 'another program has it open',
  ENGINE_DAMAGED: 'it is damaged; move it away, and the next run begins a new one',
  ENGINE_DISK: 'the disk is full',
}

/** Why the file could not be used, as the end of a sentence. */
export function historyReason(cause: unknown): string {
  const known = cause instanceof CioAuditError ? reasons[cause.code] : undefined
  if (known !== undefined) return known
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
  return line.replace(/\.$/, '')
}
