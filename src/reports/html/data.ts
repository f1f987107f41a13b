import type { ReportInput } from '../reporter.ts'
import { Rows } from './rows.ts'
import type { Rest } from './wire.ts'

const chunkBytes = 128_000

/** The findings as JSON texts of some 128 KB each; at the end, what was left out. */
export async function* chunks(input: ReportInput): AsyncGenerator<string, Rest> {
  const rows = new Rows(input.report, await totals(input))
  let part: string[] = []
  let bytes = 0
  for await (const findings of input.findings()) {
    for (const finding of findings) {
      const row = rows.take(finding)
      if (row === undefined) continue
      part.push(row)
      bytes += Buffer.byteLength(row)
      if (bytes < chunkBytes) continue
      yield rows.chunk(part)
      part = []
      bytes = 0
    }
  }
  if (part.length > 0) yield rows.chunk(part)
  return rows.rest()
}

/** How many findings each rule has; with --journey the report counts only those in its scope, so they are counted here. */
async function totals(input: ReportInput): Promise<ReadonlyMap<string, number>> {
  const { scope, rules } = input.report
  if (scope === undefined) return new Map(rules.map((rule) => [rule.rule, rule.findings.total]))
  const counts = new Map<string, number>()
  for await (const chunk of input.findings()) {
    for (const { rule } of chunk) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  }
  return counts
}
