import { fingerprint } from '../core/fingerprint.ts'
import type { EvidenceRow } from '../core/report.ts'
import { sql } from '../engine/sql.ts'
import { evidenceCells } from './evidence-cells.ts'
import { lineMark, recordsQuery } from './evidence-records.ts'
import { fingerprintOf } from './fingerprint-query.ts'
import type { Rule } from './rule.ts'
import { contextOf, type RunContext } from './run-rule.ts'

/** Every affected record of a rule: `fingerprint` first, then the rule's own columns. Read the rows or the records. */
export interface RuleEvidence {
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<readonly EvidenceRow[]>
  /** The same: whole lines as they stand in a CSV file, and between them the rows that it does not take as they are. */
  readonly records: AsyncIterable<readonly EvidenceRow[] | Buffer>
}

export function evidenceOf(rules: readonly Rule[], run: RunContext, id: string): RuleEvidence {
  const rule = rules.find(({ meta }) => meta.id === id)
  if (!rule) return { columns: [], rows: nothing(), records: nothing() }
  const columns = ['fingerprint', ...Object.keys(rule.evidenceRow.shape)]
  return { columns, rows: evidenceRows(rule, run), records: evidenceRecords(rule, run) }
}

async function* nothing(): AsyncIterable<never> {}

async function* evidenceRecords(rule: Rule, run: RunContext): AsyncIterable<readonly EvidenceRow[] | Buffer> {
  const evidence = rule.evidence(contextOf(rule, run.settings, run.asOf))
  const { id, subject } = rule.meta
  const records = await recordsQuery(run.session, evidence, Object.keys(rule.evidenceRow.shape), (identity) =>
    fingerprintOf(run.workspaceId, id, subject, identity),
  )
  if (records === null) {
    yield* evidenceRows(rule, run)
    return
  }
  const rowOf = (line: string): EvidenceRow => {
    const { fingerprint: print, cells } = records.read(line)
    return { fingerprint: print, ...evidenceCells(rule, cells) }
  }
  for await (const lines of run.session.lines(records.query)) yield* apart(lines, rowOf)
}

const mark = lineMark.charCodeAt(0)
const lineFeed = 10

/** Lines that are ready, as they came, and between them those that are marked, as rows. */
function* apart(
  lines: Buffer,
  rowOf: (line: string) => EvidenceRow,
): Iterable<readonly EvidenceRow[] | Buffer> {
  let from = 0
  for (let at = lines.indexOf(mark); at >= 0; at = lines.indexOf(mark, from)) {
    if (at > from) yield lines.subarray(from, at)
    const rows: EvidenceRow[] = []
    from = at
    while (lines[from] === mark) {
      const end = lines.indexOf(lineFeed, from)
      rows.push(rowOf(lines.toString('utf8', from, end)))
      from = end + 1
    }
    yield rows
  }
  if (from < lines.length) yield lines.subarray(from)
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
