import type { Cells, Column, Table } from './table.ts'

export const fileTypes = ['parquet', 'jsonl', 'jsonl.gz', 'csv', 'csv.gz'] as const
export type FileType = (typeof fileTypes)[number]

/** How rows become lines of text. */
export interface Format {
  readonly header: string
  line(cells: Cells): string
}

/** Lines for DuckDB's CSV reader: JSON holds no tab and no line break, so that hardly anything needs a quote. */
export const loadQuote = '\u0001'
export const loadNull = '\\N'
const needsLoadQuote = /[\t\n\r\u0001]|^\\N$/

function loadCell(cell: string | null, { kind }: Column): string {
  if (cell === null) return loadNull
  if (kind !== 'text' || !needsLoadQuote.test(cell)) return cell
  return loadQuote + cell.replaceAll(loadQuote, loadQuote + loadQuote) + loadQuote
}

/** RFC 4180. JSON text always has quotes in it, and empty text is told from no value by its quotes. */
function csvCell(cell: string | null, { kind }: Column): string {
  if (cell === null) return ''
  const needsQuotes = kind === 'json' || (kind === 'text' && (cell === '' || /[",\r\n]/.test(cell)))
  return needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell
}

function separated(table: Table, separator: string, write: (cell: string | null, column: Column) => string) {
  const { columns } = table
  return (cells: Cells): string => {
    let line = ''
    for (let position = 0; position < columns.length; position += 1) {
      if (position > 0) line += separator
      line += write(cells[position] ?? null, columns[position] as Column)
    }
    return `${line}\n`
  }
}

export function csvFormat(table: Table): Format {
  return {
    header: `${table.columns.map(({ name }) => name).join(',')}\n`,
    line: separated(table, ',', csvCell),
  }
}

export function loadFormat(table: Table): Format {
  return { header: '', line: separated(table, '\t', loadCell) }
}

export function jsonLinesFormat(table: Table): Format {
  const keys = table.columns.map(
    ({ name }, position) => `${position === 0 ? '{' : ','}${JSON.stringify(name)}:`,
  )
  const value = (cell: string | null, { kind }: Column): string =>
    cell === null ? 'null' : kind === 'json' ? cell : kind === 'plain' ? `"${cell}"` : JSON.stringify(cell)
  return {
    header: '',
    line: (cells) => {
      let line = ''
      for (const [position, column] of table.columns.entries()) {
        line += keys[position] + value(cells[position] ?? null, column)
      }
      return `${line}}\n`
    },
  }
}
