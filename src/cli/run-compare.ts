import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readEnvironment } from '../config/index.ts'
import type { Comparison, Side } from '../core/comparison.ts'
import { CioAuditError, UsageError } from '../core/errors.ts'
import type { Database } from '../engine/database.ts'
import {
  compareSides,
  findRun,
  historyPath,
  keptFacts,
  keptSide,
  noRun,
  tooFewRuns,
  withHistory,
} from '../history/index.ts'
import { maskSubjectKey } from '../reports/index.ts'
import { comparisonJson, comparisonTable } from './comparison-view.ts'
import { screenOf, writeOut, type Io } from './io.ts'
import { loadRulebook } from './load-rules.ts'
import { loadMasker, maskingFor } from './masking.ts'
import { reportSide } from './report-side.ts'
import { historyReason } from './run-history.ts'

export interface CompareFlags {
  readonly config: string | undefined
  readonly 'state-dir': string
  readonly json: boolean
  readonly reveal: boolean
  readonly redact: boolean
  readonly 'no-color': boolean
}

/** `cio-audit compare A B`: what came, went and grew between two runs. */
export async function runCompare(
  words: { readonly before: string; readonly after: string },
  flags: CompareFlags,
  io: Io,
): Promise<number> {
  const stateDir = resolve(io.cwd, flags['state-dir'])
  const comparison = await withKept(stateDir, async (db) => {
    const before = await sideOf(words.before, db, io)
    const after = await sideOf(words.after, db, io)
    return await compareSides(before, after)
  })
  const shown = await masked(comparison, stateDir, flags, io)
  const text = flags.json
    ? comparisonJson(shown)
    : comparisonTable(screenOf(io.stdout, flags['no-color']), shown)
  await writeOut(io.stdout, [text])
  return 0
}

/** Two reports can be compared without a history; what it knows of them is welcome. */
async function sideOf(word: string, db: Database | null, io: Io): Promise<Side> {
  const path = resolve(io.cwd, word)
  if (!isWord(word) && existsSync(path))
    return await reportSide(path, word, async (id) => (db === null ? null : await keptFacts(db, id)))
  if (db === null && isWord(word)) throw tooFewRuns(0)
  if (db === null || (word.includes('/') && !existsSync(path))) throw noRun(word)
  return await keptSide(db, await findRun(db, word))
}

const isWord = (word: string): boolean => word === 'latest' || word === 'previous'

async function withKept<T>(stateDir: string, work: (db: Database | null) => Promise<T>): Promise<T> {
  try {
    return await withHistory(stateDir, 'read', work)
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    if (!(cause instanceof CioAuditError)) throw cause
    throw new UsageError(
      'USAGE_RUN',
      `The history ${historyPath(stateDir)} cannot be read: ${historyReason(cause)}.`,
      'Wait until the other run has ended, or compare the folders of two reports.',
      { cause },
    )
  }
}

async function masked(
  comparison: Comparison,
  stateDir: string,
  { config, reveal, redact, json }: CompareFlags,
  io: Io,
): Promise<Comparison> {
  const hasSubjects = comparison.rules.some(({ changes }) => changes.some(({ subject }) => subject !== null))
  if (!hasSubjects) return comparison
  const environment = readEnvironment(io.env, io.cwd)
  const { settings } = await loadRulebook(config, io.cwd)
  const masking = maskingFor({
    reveal,
    redact: redact || settings.report.redact,
    ci: environment.ci,
    terminal: io.stdout.isTTY,
  })
  if (!masking.stdout(json ? 'json' : 'table')) return comparison
  const masker = await loadMasker(stateDir, environment.redactKey)
  return {
    ...comparison,
    rules: comparison.rules.map((rule) => ({
      ...rule,
      changes: rule.changes.map((change) =>
        change.subject === null ? change : { ...change, subject: maskSubjectKey(change.subject, masker) },
      ),
    })),
  }
}
