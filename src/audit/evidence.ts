import { fingerprint } from '../core/fingerprint.ts'
import type { EvidenceRow } from '../core/report.ts'
import type { Row } from '../engine/database.ts'
import { sql } from '../engine/sql.ts'
import { evidenceCells } from './evidence-cells.ts'
import { recordsQuery } from './evidence-records.ts'
import type { Rule } from './rule.ts'
import { contextOf, type RunContext } from './run-rule.ts'

/** Every affected record of a rule: `fingerprint` first, then the rule's own columns. Read the rows or the records. */
export interface RuleEvidence {
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<readonly EvidenceRow[]>
  /** The same; a row of which every cell is plain is one text, its cells joined by commas, as CSV takes it. */
  readonly records: AsyncIterable<readonly (EvidenceRow | string)[]>
}

export function evidenceOf(rules: readonly Rule[], run: RunContext, id: string): RuleEvidence {
  const rule = rules.find(({ meta }) => meta.id === id)
  if (!rule) return { columns: [], rows: nothing(), records: nothing() }
  const columns = ['fingerprint', ...Object.keys(rule.evidenceRow.shape)]
  return { columns, rows: evidenceRows(rule, run), records: evidenceRecords(rule, run) }
}

async function* nothing(): AsyncIterable<never> {}

async function* evidenceRecords(
  rule: Rule,
  run: RunContext,
): AsyncIterable<readonly (EvidenceRow | string)[]> {
  const evidence = rule.evidence(contextOf(rule, run.settings, run.asOf))
  const query = await recordsQuery(run.session, evidence, Object.keys(rule.evidenceRow.shape))
  if (query === null) {
    yield* evidenceRows(rule, run)
    return
  }
  const printOf = fingerprints(run.workspaceId, rule)
  for await (const rows of run.session.stream(query)) {
    yield rows.map(({ identity, line, cells }) => {
      const print = printOf(String(identity))
      return line === null
        ? { fingerprint: print, ...evidenceCells(rule, cells as Row) }
        : `${print},${String(line)}`
    })
  }
}

async function* evidenceRows(rule: Rule, run: RunContext): AsyncIterable<readonly EvidenceRow[]> {
  const query = sql`select * from (${rule.evidence(contextOf(rule, run.settings, run.asOf))}) evidence order by all`
  const printOf = fingerprints(run.workspaceId, rule)
  for await (const rows of run.session.stream(query)) {
    yield rows.map((row) => ({
      fingerprint: printOf(String(row['identity'] ?? row['subject'])),
      ...evidenceCells(rule, row),
    }))
  }
}

const mostRemembered = 10_000

/** A finding about an event has a hundred thousand rows behind it; its name is made once. */
function fingerprints(workspaceId: number | null, rule: Rule): (identity: string) => string {
  const known = new Map<string, string>()
  return (identity) => {
    const before = known.get(identity)
    if (before !== undefined) return before
    const print = fingerprint(workspaceId, rule.meta.id, rule.meta.subject, identity)
    if (known.size >= mostRemembered) known.clear()
    known.set(identity, print)
    return print
  }
}
