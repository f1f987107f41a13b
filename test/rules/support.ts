import type { ExampleWorkspace, FoundDefect, Need, Rule } from '../../src/audit/rule.ts'
import { contextOf } from '../../src/audit/run-rule.ts'
import type { Plan } from '../../src/core/plan.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { Cell, Database, Row } from '../../src/engine/database.ts'
import { sql } from '../../src/engine/sql.ts'
import { asOf, modelOver, planOf, settings, snapshotRows, type Rows } from '../support/workspace.ts'

export interface Judged {
  /** Sorted by subject. */
  readonly findings: readonly FoundDefect[]
  readonly evidence: readonly Row[]
  readonly population: Cell
  /** What the population is made of, by label: its size and the event it is about. */
  readonly parts: readonly Row[]
  readonly doubts: readonly string[]
  readonly remark: Cell
}

export interface Variation {
  readonly plan?: Plan
  readonly settings?: Settings
  /** Journeys by name of the event that starts them; all of them run. */
  readonly triggers?: readonly string[]
  /** Screens have names too, and those can be the names of events. */
  readonly screens?: readonly string[]
  /** Who looks at them; somebody who does nothing else, so that whoever counts people must not count these. */
  readonly viewer?: string
  /** Ids of journeys that the verdict is asked for. */
  readonly named?: readonly number[]
  /** What the rule would need and cannot see, each with the reason. */
  readonly unmet?: readonly (readonly [Need, string])[]
}

/** Everything that one rule says of a workspace. */
export async function judge(rule: Rule, workspace: ExampleWorkspace, other: Variation = {}): Promise<Judged> {
  const context = contextOf(rule, other.settings ?? settings, asOf)
  const db = await modelFor(workspace, other)
  try {
    const findings = (await db.rows(rule.query(context)))
      .map((row) => rule.finding(rule.row.parse(row) as never, context))
      .toSorted((a, b) => compare(a.subject.key, b.subject.key))
    const evidence = (await db.rows(rule.evidence(context)))
      .map((row) => ({ subject: row['subject'] as string, ...(rule.evidenceRow.parse(row) as Row) }))
      .toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)))
    const parts = rule.parts
      ? await db.rows(sql`select * from (${rule.parts(context)}) part order by all`)
      : []
    const doubts = rule.doubt ? await db.rows(rule.doubt(context)) : []
    return {
      findings,
      evidence,
      population: await db.scalar(rule.population(context)),
      parts,
      doubts: doubts.map((row) => String(row['reason'])).toSorted(),
      remark: rule.remark ? await db.scalar(rule.remark(context)) : null,
    }
  } finally {
    db.close()
  }
}

/** What a rule says where there is nothing to judge. */
export const nothing: Judged = {
  findings: [],
  evidence: [],
  population: 0,
  parts: [],
  doubts: [],
  remark: null,
}

export const messages = ({ findings }: Judged): string[] => findings.map(({ message }) => message)

async function modelFor(workspace: ExampleWorkspace, other: Variation): Promise<Database> {
  const plan = other.plan ?? planOf(workspace)
  const db = await modelOver(varied(workspace, other), plan, other.settings, 2, other.named, workspace)
  if (other.unmet !== undefined) await db.append('unmet_need', other.unmet)
  return db
}

function varied(
  workspace: ExampleWorkspace,
  { triggers = [], screens = [], viewer = 'viewer' }: Variation,
): Rows {
  const rows = snapshotRows(workspace)
  const at = new Date('2026-11-20T10:00:00Z')
  return {
    ...rows,
    activity: [
      ...(rows.activity ?? []),
      ...screens.map((name, n) => [
        `screen-${n}`,
        'screen',
        name,
        viewer,
        null,
        null,
        at,
        null,
        null,
        '{}',
        null,
      ]),
    ],
    campaign: [
      ...(rows.campaign ?? []),
      ...triggers.map((name, n) => [BigInt(n), `J${n}`, 'running', name, null, '[]', '[]', null]),
    ],
  }
}

/** The same things in an order that does not hang on the engine. */
export const inOrder = <T>(items: readonly T[]): T[] =>
  items.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
