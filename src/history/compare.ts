import {
  changeKinds,
  type Change,
  type ChangeCounts,
  type ChangeKind,
  type Comparison,
  type RuleComparison,
  type Side,
} from '../core/comparison.ts'
import { UsageError } from '../core/errors.ts'
import type { Subject } from '../core/report.ts'
import { openDatabase, type Database, type Row } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { differences, ruleDifference } from './differences.ts'

/** What became of each finding from one run to the other. */
export async function compareSides(before: Side, after: Side): Promise<Comparison> {
  if (before.workspaceId !== after.workspaceId)
    throw new UsageError(
      'USAGE_RUN',
      `The two runs are of different workspaces (${workspace(before)} and ${workspace(after)}).`,
      'Compare two runs of one workspace.',
    )
  const db = await openDatabase({ path: ':memory:', access: 'write', threads: 1 })
  try {
    await load(db, 'before', before)
    await load(db, 'after', after)
    const { all, notices } = differences(before, after)
    const changed = Map.groupBy(await db.rows(moves), ({ rule }) => String(rule))
    const same = new Map((await db.rows(unmoved)).map(({ rule, count }) => [String(rule), Number(count)]))
    const names = [...new Set([...after.rules.keys(), ...before.rules.keys()])]
    const rules = names.map((rule): RuleComparison => {
      const [old, now] = [before.rules.get(rule), after.rules.get(rule)]
      const differs = all ?? ruleDifference(rule, before, after)
      const changes = (changed.get(rule) ?? []).map((row) => changeOf(row, differs !== null))
      return {
        rule,
        severity: (now ?? old)?.severity ?? 'info',
        status: { before: old?.status ?? null, after: now?.status ?? null },
        differs,
        counts: countsOf(changes, same.get(rule) ?? 0),
        changes,
      }
    })
    return { before, after, notices, counts: sumOf(rules), rules }
  } finally {
    db.close()
  }
}

const workspace = ({ workspaceId }: Side): string =>
  workspaceId === null ? 'one without id' : String(workspaceId)

async function load(db: Database, table: 'before' | 'after', side: Side): Promise<void> {
  await db.run(
    raw(
      `create table ${table} (rule varchar, fingerprint varchar, affected bigint, kind varchar, subject varchar)`,
    ),
  )
  for await (const findings of side.findings())
    await db.append(
      table,
      findings.map((f) => [
        f.rule,
        f.fingerprint,
        BigInt(f.affected),
        f.subject?.kind ?? null,
        f.subject?.key ?? null,
      ]),
    )
}

/** The widest first, so that a list that is cut short shows what matters. */
const moves = raw(`
  select coalesce(a.rule, b.rule) as rule, coalesce(a.fingerprint, b.fingerprint) as fingerprint, b.affected as before, a.affected as after,
    coalesce(a.kind, b.kind) as kind, coalesce(a.subject, b.subject) as subject
  from after a full join before b on b.fingerprint = a.fingerprint
  where a.affected is distinct from b.affected
  order by greatest(coalesce(a.affected, 0), coalesce(b.affected, 0)) desc, fingerprint`)

const unmoved = raw(`
  select a.rule, count(*) as count from after a join before b on b.fingerprint = a.fingerprint and b.affected = a.affected group by a.rule`)

function changeOf(row: Row, isDifferent: boolean): Change {
  const count = (name: string): number | null => (row[name] === null ? null : Number(row[name]))
  const [before, after] = [count('before'), count('after')]
  const { kind, subject } = row
  return {
    change: isDifferent ? 'differently' : kindOf(before, after),
    fingerprint: String(row['fingerprint']),
    subject:
      kind === null || subject === null
        ? null
        : { kind: String(kind) as Subject['kind'], key: String(subject) },
    before,
    after,
  }
}

function kindOf(before: number | null, after: number | null): ChangeKind {
  if (before === null) return 'new'
  if (after === null) return 'fixed'
  return after > before ? 'worse' : 'better'
}

function countsOf(changes: readonly Change[], same: number): ChangeCounts {
  const of = (kind: ChangeKind): number => changes.filter(({ change }) => change === kind).length
  const kinds = Object.fromEntries(changeKinds.map((kind) => [kind, of(kind)]))
  return { ...kinds, same } as ChangeCounts
}

function sumOf(rules: readonly RuleComparison[]): ChangeCounts {
  const sum = (kind: ChangeKind | 'same'): number => rules.reduce((all, { counts }) => all + counts[kind], 0)
  return Object.fromEntries(
    [...changeKinds, 'same' as const].map((kind) => [kind, sum(kind)]),
  ) as ChangeCounts
}
