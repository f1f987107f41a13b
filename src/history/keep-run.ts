import { vantageOfReport, type FindingName } from '../core/baseline.ts'
import type { ListedFinding } from '../core/finding.ts'
import type { DailyCounts } from '../core/past.ts'
import type { Plan } from '../core/plan.ts'
import type { AuditReport } from '../core/report.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { keepDailyCounts } from './daily-counts.ts'
import { keepMended } from './mended.ts'

/** What a run leaves behind. */
export interface FinishedRun {
  readonly report: AuditReport
  readonly plan: Plan
  readonly workspaceId: number | null
  readonly versions: ReadonlyMap<string, string>
  /** Rules that `--rule` or `--skip-rule` left out. */
  readonly leftOut: readonly string[]
  readonly mended: readonly FindingName[]
  /** The "now" of the baseline that they were known by; null without one. */
  readonly baselineAsOf: string | null
  readonly dailyCounts: DailyCounts
  findings(): AsyncIterable<readonly ListedFinding[]>
}

/** All of it or nothing. A run of the same inputs takes the place of itself. */
export async function keepRun(db: Database, run: FinishedRun, keep: number): Promise<void> {
  const { id } = run.report.run
  await db.transaction(async () => {
    const made = await db.scalar(sql`
      select coalesce(max(made) filter (id = ${id}), max(made) + 1, 1) as made from run`)
    await forget(db, [id])
    await insertRun(db, run, Number(made))
    await insertRules(db, run)
    await insertFindings(db, run)
    await keepMended(db, run)
    // Counts of some of the people are no counts.
    if (run.report.run.sample === null) await keepDailyCounts(db, run)
    await forgetOldest(db, run, keep)
  })
  await db.run(raw('checkpoint'))
}

async function insertRun(
  db: Database,
  { report, plan, workspaceId }: FinishedRun,
  made: number,
): Promise<void> {
  const { run, verdict, sources, scope, tool } = report
  const name = sources.map(({ workspace }) => workspace.name).find((known) => known !== null) ?? null
  await db.run(sql`
    insert into run values (${run.id}, ${made}, ${run.asOf}::timestamp, ${workspaceId}, ${name}, ${tool.version}, ${verdict.decision},
      ${verdict.reason}, ${verdict.blocking.length}, ${run.window.since}::timestamp, ${run.window.until}::timestamp, ${run.sample !== null},
      ${JSON.stringify(vantageOfReport(report).sources)}, ${JSON.stringify(scope?.journeys ?? [])}, ${plan.version}, ${plan.origin}, ${JSON.stringify(plan)})`)
}

async function insertRules(db: Database, { report, versions, leftOut }: FinishedRun): Promise<void> {
  await db.append(
    'rule_result',
    report.rules.map((rule, position) => [
      report.run.id,
      position,
      rule.rule,
      leftOut.includes(rule.rule) ? null : (versions.get(rule.rule) ?? null),
      rule.severity,
      rule.status,
      BigInt(rule.affected),
      rule.rate,
      BigInt(rule.population.count),
      rule.population.unit,
      BigInt(rule.findings.total),
      BigInt(rule.findings.new),
      BigInt(rule.findings.known),
      BigInt(rule.findings.waived),
    ]),
  )
}

async function insertFindings(db: Database, run: FinishedRun): Promise<void> {
  await db.run(
    raw(
      'create or replace temp table incoming (fingerprint varchar, rule varchar, kind varchar, severity varchar, affected bigint, state varchar)',
    ),
  )
  for await (const findings of run.findings())
    await db.append(
      'incoming',
      findings.map((f) => [f.fingerprint, f.rule, f.subject.kind, f.severity, BigInt(f.affected), f.state]),
    )
  await db.run(
    raw(`
    insert into finding_name
    select (select coalesce(max(number), 0) from finding_name) + row_number() over (order by fingerprint), fingerprint, rule, kind
    from (select fingerprint, any_value(rule) as rule, any_value(kind) as kind from incoming
      anti join finding_name using (fingerprint) group by fingerprint)`),
  )
  await db.run(sql`
    insert into finding select ${run.report.run.id}, n.number, i.severity, i.affected, i.state
    from incoming i join finding_name n using (fingerprint)`)
  await db.run(raw('drop table incoming'))
}

/** This run stays whatever its date: an audit of an old snapshot is not to vanish as it is made. */
async function forgetOldest(db: Database, { report, workspaceId }: FinishedRun, keep: number): Promise<void> {
  const old = await db.rows(sql`
    select id from run where workspace is not distinct from ${workspaceId}::bigint
    order by as_of desc, made desc offset ${keep}`)
  await forget(
    db,
    old.map(({ id }) => String(id)).filter((id) => id !== report.run.id),
  )
  await db.run(raw('delete from finding_name where number not in (select number from finding)'))
}

async function forget(db: Database, ids: readonly string[]): Promise<void> {
  for (const table of ['rule_result', 'finding'])
    await db.run(sql`delete from ${raw(table)} where list_contains(${ids}::varchar[], run)`)
  await db.run(sql`delete from run where list_contains(${ids}::varchar[], id)`)
}
