import { CsvError, parse } from 'csv-parse/sync'
import { UsageError } from '../core/errors.ts'
import type { Waiver } from '../core/waiver.ts'
import { columnsOf, lineBreaks, separatorOf } from './csv.ts'
import { quote } from './problem.ts'
import { readTextFile, type TextFile, type TextFileKind } from './text-file.ts'
import { isRealDate } from './values.ts'

/** Large enough for a copy of a findings.csv with every row of a broken workspace. */
const kind: TextFileKind = {
  name: 'waivers file',
  code: 'CONFIG_WAIVERS',
  flag: '--waivers',
  maxBytes: 64_000_000,
}

const help =
  'It needs a header row with fingerprint (or rule and subject), reason and expires; owner is welcome.'

export interface Waivers {
  readonly waivers: readonly Waiver[]
  /** One sentence for each row that is incomplete and so suppresses nothing. */
  readonly problems: readonly string[]
}

/**
 * Reads `waivers.csv`; rows copied out of findings.csv, with reason and expires filled in, will do. A row that is
 * incomplete never suppresses; what has expired is known only at the run's "now" (`activeWaivers`).
 */
export async function loadWaivers(path: string | undefined, cwd: string): Promise<Waivers> {
  const file = await readTextFile(path, 'waivers.csv', cwd, kind)
  if (file === null) return { waivers: [], problems: [] }
  const [header, ...rows] = readRows(file)
  const column = headerColumns(header, file)
  const waivers: Waiver[] = []
  const problems: string[] = []
  for (const { cells, line } of rows) {
    const cell = (name: string): string => cells[column.get(name) ?? -1]?.trim() ?? ''
    const origin = `${file.origin}:${line}`
    const problem =
      cells.length === header?.cells.length
        ? rowProblem(cell)
        : `it has ${cells.length} cells and the header ${header?.cells.length}`
    if (problem !== null) problems.push(`${origin}: this waiver counts for nothing: ${problem}.`)
    else waivers.push(waiverOf(cell, origin))
  }
  return { waivers, problems }
}

interface CsvRow {
  readonly cells: readonly string[]
  /** Line on which the row begins. */
  readonly line: number
}

function readRows(file: TextFile): CsvRow[] {
  if (file.text.includes('\u0000')) throw notWaivers(file, 'holds bytes that are no text')
  try {
    const rows = parse(file.text, {
      delimiter: separatorOf(file.text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    }) as unknown as { record: string[]; info: { lines: number } }[]
    return rows
      .map(({ record, info }) => ({ cells: record, line: info.lines - lineBreaks(record) }))
      .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw notWaivers(
      file,
      `breaks off in line ${String(cause['lines'] ?? 1)}: a quotation mark is not closed or stands in a wrong place`,
      cause,
    )
  }
}

function headerColumns(header: CsvRow | undefined, file: TextFile): ReadonlyMap<string, number> {
  if (header === undefined) throw notWaivers(file, 'is empty')
  const column = columnsOf(header.cells)
  const named = column.has('fingerprint') || (column.has('rule') && column.has('subject'))
  const missing = [
    named ? null : 'fingerprint',
    ...['reason', 'expires'].map((name) => (column.has(name) ? null : name)),
  ]
  const first = missing.find((name) => name !== null)
  if (first !== undefined) throw notWaivers(file, `has no column ${first} in its first row`)
  return column
}

function rowProblem(cell: (name: string) => string): string | null {
  const fingerprint = cell('fingerprint')
  if (fingerprint !== '' && !/^[0-9a-f]{32}$/i.test(fingerprint))
    return `${quote(fingerprint)} is no fingerprint (32 hex digits)`
  if (fingerprint === '' && (cell('rule') === '' || cell('subject') === ''))
    return 'it names no fingerprint, nor rule and subject'
  if (cell('reason') === '') return 'it gives no reason'
  if (cell('expires') === '') return 'it has no expiry date'
  return isRealDate(cell('expires')) ? null : `${quote(cell('expires'))} is no date written as yyyy-mm-dd`
}

function waiverOf(cell: (name: string) => string, origin: string): Waiver {
  const or = (text: string): string | null => (text === '' ? null : text)
  return {
    fingerprint: or(cell('fingerprint').toLowerCase()),
    rule: or(cell('rule')),
    subject: or(cell('subject')),
    reason: cell('reason'),
    owner: or(cell('owner')),
    expires: cell('expires'),
    origin,
  }
}

function notWaivers(file: TextFile, what: string, cause?: unknown): UsageError {
  return new UsageError(kind.code, `The waivers file ${file.origin} ${what}.`, help, { cause })
}
