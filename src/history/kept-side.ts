import { UsageError } from '../core/errors.ts'
import type { Side, SideRule } from '../core/comparison.ts'
import type { Decision, RuleResult, SourceKind } from '../core/report.ts'
import type { Database, Row } from '../engine/database.ts'
import { raw, sql, type Query } from '../engine/sql.ts'

const advice =
  'Name `latest`, `previous`, a day (2026-11-23), the beginning of a run id, or the folder of a report.'

/** The run that a word means; the newest of those that fit, except where an id could be two runs. */
export async function findRun(db: Database, word: string): Promise<string> {
  const newest = 'order by as_of desc, made desc'
  if (word === 'latest' || word === 'previous') await requireRuns(db, word === 'latest' ? 1 : 2)
  if (word === 'latest') return await only(db, raw(`select id from run ${newest} limit 1`), word)
  if (word === 'previous')
    return await only(
      db,
      raw(
        `select id from run where workspace is not distinct from (select workspace from run ${newest} limit 1) ${newest} limit 1 offset 1`,
      ),
      word,
    )
  if (/^\d{4}-\d{2}-\d{2}/.test(word))
    return await only(
      db,
      sql`select id from run where starts_with(strftime(as_of, '%Y-%m-%dT%H:%M:%SZ'), ${word}) ${raw(newest)} limit 1`,
      word,
    )
  if (!/^[0-9a-f]{4,32}$/.test(word)) throw noRun(word)
  return await only(db, sql`select id from run where starts_with(id, ${word}) limit 2`, word)
}

async function only(db: Database, query: Query, word: string): Promise<string> {
  const [first, second] = await db.rows(query)
  if (first === undefined) throw noRun(word)
  if (second !== undefined)
    throw new UsageError('USAGE_RUN', `The id ${word} is that of several runs.`, 'Give more of its digits.')
  return String(first['id'])
}

/** The name of a run is no cure where there is no such run yet. */
async function requireRuns(db: Database, wanted: number): Promise<void> {
  const kept = Number(
    await db.scalar(
      raw(
        'select count(*) from run where workspace is not distinct from (select workspace from run order by as_of desc, made desc limit 1)',
      ),
    ),
  )
  if (kept < wanted) throw tooFewRuns(kept)
}

export const tooFewRuns = (kept: number): UsageError =>
  new UsageError(
    'USAGE_RUN',
    kept === 0 ? 'The history holds no run yet.' : 'The history holds only one run of this workspace yet.',
    `Run the audit${kept === 0 ? '' : ' again'}, or name the folders of two reports.`,
  )

export const noRun = (word: string): UsageError =>
  new UsageError('USAGE_RUN', `The history holds no run ${word}.`, advice)

export const lookDays = raw("date_diff('second', since, until) / 86400")

const facts = sql`
  select *, strftime(as_of, '%Y-%m-%dT%H:%M:%SZ') as as_of_text, ${lookDays} as days from run`

/** Of a row of `run` with `lookDays` as its `days`. */
export const lookOf = (run: Row): Pick<Side, 'vantage' | 'journeys'> => ({
  vantage: {
    sources: JSON.parse(String(run['sources'])) as SourceKind[],
    days: Number(Number(run['days']).toFixed(2)),
    sampled: run['sampled'] === true,
  },
  journeys: JSON.parse(String(run['journeys'])) as number[],
})

/** A run as the history keeps it; its findings are read while the history is open. */
export async function keptSide(db: Database, id: string): Promise<Side> {
  const [run] = await db.rows(sql`select * from (${facts}) where id = ${id}`)
  if (run === undefined) throw noRun(id)
  return {
    runId: id,
    asOf: String(run['as_of_text']),
    workspaceId: numberOf(run['workspace']),
    decision: run['decision'] as Decision,
    tool: String(run['tool']),
    plan: { version: String(run['plan_version']), origin: String(run['plan_origin']) },
    ...lookOf(run),
    rules: await keptRules(db, id),
    findings: () => keptFindings(db, id),
  }
}

/** What the history knows of a run that is read from its files: which rules judged it, and whose workspace it was. */
export async function keptFacts(
  db: Database,
  id: string,
): Promise<Pick<Side, 'workspaceId' | 'rules'> | null> {
  const [run] = await db.rows(sql`select workspace from run where id = ${id}`)
  if (run === undefined) return null
  return { workspaceId: numberOf(run['workspace']), rules: await keptRules(db, id) }
}

async function keptRules(db: Database, id: string): Promise<ReadonlyMap<string, SideRule>> {
  const rows = await db.rows(sql`select * from rule_result where run = ${id} order by position`)
  return new Map(rows.map((row) => [String(row['rule']), sideRule(row)]))
}

const sideRule = (row: Row): SideRule => ({
  status: row['status'] as RuleResult['status'],
  severity: row['severity'] as RuleResult['severity'],
  version: row['version'] === null ? null : String(row['version']),
  affected: Number(row['affected']),
  rate: numberOf(row['rate']),
  findings: Number(row['total']),
  accepted: Number(row['known']) + Number(row['waived']),
})

async function* keptFindings(db: Database, id: string): ReturnType<Side['findings']> {
  const query = sql`
    select n.rule, n.fingerprint, f.affected from finding f join finding_name n using (number) where f.run = ${id}`
  for await (const rows of db.stream(query))
    yield rows.map((row) => ({
      rule: String(row['rule']),
      fingerprint: String(row['fingerprint']),
      affected: Number(row['affected']),
      subject: null,
    }))
}

const numberOf = (cell: unknown): number | null => (cell === null || cell === undefined ? null : Number(cell))
