import { fingerprint } from '../core/fingerprint.ts'
import type { EvidenceRow } from '../core/report.ts'
import { sql } from '../engine/sql.ts'
import type { Rule } from './rule.ts'
import { contextOf, evidenceCells, type RunContext } from './run-rule.ts'

/** Every affected record of a rule: `fingerprint` first, then the rule's own columns. */
export function evidenceOf(
  rules: readonly Rule[],
  run: RunContext,
  id: string,
): { columns: readonly string[]; rows: AsyncIterable<readonly EvidenceRow[]> } {
  const rule = rules.find(({ meta }) => meta.id === id)
  if (!rule) return { columns: [], rows: (async function* () {})() }
  return { columns: ['fingerprint', ...Object.keys(rule.evidenceRow.shape)], rows: evidenceRows(rule, run) }
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
