import { createHash } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import type { ListedFinding } from '../core/finding.ts'
import { manifestName } from '../core/manifest.ts'
import type { EvidenceRow } from '../core/report.ts'
import { csvCell } from './escape.ts'
import { mergeCells, mergeColumns } from './merges.ts'
import type { OutputFile, Reporter } from './reporter.ts'

type Cell = string | number | boolean | null
interface ManifestLine {
  readonly file: string
  readonly rows: number
  readonly sha256: string
}
interface Table {
  readonly columns: readonly string[]
  /** Rows, or whole lines as they stand in the file. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[] | Buffer>
}

const rowsAtOnce = 256
const byteOrderMark = '\ufeff'
const findingColumns = [
  'fingerprint',
  'rule',
  'severity',
  'category',
  'checklist',
  'subject_kind',
  'subject',
  'affected',
  'unit',
  'message',
  'first_seen',
  'last_seen',
  'journeys',
  'remediation',
  'link',
  'state',
] as const

/** `findings.csv`, the evidence of each rule that found something, the suggested merges, and a manifest that proves them whole. */
export const csv: Reporter = {
  files(input, { csvBom }) {
    const written: ManifestLine[] = []
    const file = (path: string, table: () => Table): OutputFile => ({
      path,
      content: () => counted(path, table(), csvBom, written),
    })
    const withFindings = input.report.rules.filter(({ rule }) => input.rulesFound.has(rule))
    return [
      file('findings.csv', () => ({ columns: findingColumns, rows: mapped(input.findings(), findingCells) })),
      ...withFindings.map(({ rule }) =>
        file(`evidence/${evidenceName(rule)}.csv`, () => {
          const { columns, rows, records } = input.evidence(rule)
          const cells = (row: EvidenceRow): readonly Cell[] => columns.map((column) => row[column] ?? null)
          return { columns, rows: mapped(records ?? rows, cells) }
        }),
      ),
      file('merge-suggestions.csv', () => ({
        columns: mergeColumns,
        rows: mapped(input.merges(), mergeCells),
      })),
      { path: manifestName, content: () => [`${JSON.stringify({ files: written }, null, 2)}\n`] },
    ]
  },
}

/** A custom rule's id is the user's own text; as a file name it keeps letters, digits, dots and dashes. */
export const evidenceName = (rule: string): string => rule.replace('/', '.').replace(/[^\w.-]/g, '_')

export function csvText(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], {
    record_delimiter: '\n',
    // Many readers take a bare one for the end of a line, also where lines end otherwise.
    quoted_match: /\r/,
    cast: { string: csvCell, number: String, boolean: String },
  })
}

const lineFeed = 10

function linesIn(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) count += 1
  return count
}

async function* counted(
  path: string,
  table: Table,
  csvBom: boolean,
  written: ManifestLine[],
): AsyncIterable<string | Buffer> {
  const hash = createHash('sha256')
  let count = 0
  const pass = <T extends string | Buffer>(text: T): T => {
    hash.update(text)
    return text
  }
  yield pass((csvBom ? byteOrderMark : '') + csvText([table.columns]))
  for await (const rows of table.rows) {
    const isWritten = Buffer.isBuffer(rows)
    count += isWritten ? linesIn(rows) : rows.length
    yield pass(isWritten ? rows : csvText(rows))
  }
  written.push({ file: path, rows: count, sha256: hash.digest('hex') })
}

/** In small parts: the library holds each part several times over while it writes it. */
async function* mapped<T>(
  chunks: AsyncIterable<readonly T[] | Buffer>,
  cells: (item: T) => readonly Cell[],
): AsyncIterable<readonly (readonly Cell[])[] | Buffer> {
  for await (const chunk of chunks) {
    if (Buffer.isBuffer(chunk)) {
      yield chunk
      continue
    }
    for (let at = 0; at < chunk.length; at += rowsAtOnce) yield chunk.slice(at, at + rowsAtOnce).map(cells)
  }
}

function findingCells(finding: ListedFinding): readonly Cell[] {
  return [
    finding.fingerprint,
    finding.rule,
    finding.severity,
    finding.category,
    finding.checklist.join(' '),
    finding.subject.kind,
    finding.subject.key,
    finding.affected,
    finding.unit,
    finding.message,
    finding.firstSeen,
    finding.lastSeen,
    finding.journeys.map(({ id, name }) => `${id} ${name}`).join('; '),
    finding.remediation,
    finding.link,
    finding.state,
  ]
}
