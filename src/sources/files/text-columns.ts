import { parse } from 'csv-parse/sync'
import { contentOf } from './layouts.ts'

export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

export interface CsvHeader {
  readonly delimiter: Delimiter
  readonly columns: readonly string[]
}

/**
 * The header of a CSV file. The delimiter is the one that makes known columns of it: that is certain, while counting
 * commas is a guess. Null where none does.
 */
export function csvHeader(head: string): CsvHeader | null {
  for (const delimiter of delimiters) {
    const columns = firstRecord(head, delimiter)
    if (columns !== null && columns.length > 1 && contentOf(columns) !== null) return { delimiter, columns }
  }
  return null
}

function firstRecord(head: string, delimiter: Delimiter): string[] | null {
  try {
    const [record] = parse(head, { delimiter, to: 1, relax_column_count: true, bom: true })
    return record ?? null
  } catch {
    return null // a quote that never closes: no header with this delimiter
  }
}

/** Columns that stand in the header twice: which of them counts cannot be known. */
export function doubled(columns: readonly string[]): string[] {
  return [...new Set(columns.filter((column, at) => columns.indexOf(column) !== at))]
}

const linesRead = 50

/** The keys of the first JSON objects of a file, one a line; null where no line is one. */
export function jsonKeys(head: string, isWhole: boolean): string[] | null {
  const lines = head.split('\n')
  // The last line of a longer file is cut off.
  const whole = (isWhole ? lines : lines.slice(0, -1))
    .filter((line) => line.trim() !== '')
    .slice(0, linesRead)
  const keys = new Set<string>()
  let isObject = false
  for (const line of whole) {
    const record = parsed(line)
    if (typeof record !== 'object' || record === null || Array.isArray(record)) continue
    isObject = true
    for (const key of Object.keys(record)) keys.add(key)
  }
  return isObject ? [...keys] : null
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null // told when the file is read; here only the keys of the good lines are wanted
  }
}
