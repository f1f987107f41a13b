/** What all CSV files that a user hands over have in common. */

/** Spreadsheets of half the world write semicolons; the header row tells. */
export function separatorOf(text: string): string {
  const header = text.split(/\r|\n/, 1)[0] ?? ''
  const counted = [',', ';', '\t'].map((separator) => ({ separator, count: header.split(separator).length }))
  return counted.toSorted((a, b) => b.count - a.count)[0]?.separator ?? ','
}

/** csv-parse counts to the end of a record; a cell in quotes may hold line breaks. */
export function lineBreaks(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + (cell.match(lineBreak)?.length ?? 0), 0)
}

export const lineBreak = /\r\n|\n|\r/g

/** Places of columns by their names, without case; of a name that stands there twice the first counts. */
export function columnsOf(header: readonly string[]): Map<string, number> {
  const column = new Map<string, number>()
  header.forEach((name, index) => {
    const folded = name.trim().toLowerCase()
    if (!column.has(folded)) column.set(folded, index)
  })
  return column
}

/**
 * Where a cell begins, counted from the first character of its record: lines down, and characters from the left (from 1).
 *
 * @param record - as it stands in the file.
 */
export function cellPlace(
  record: string,
  separator: string,
  cell: number,
): { readonly lines: number; readonly column: number } {
  let at = 0
  let inQuotes = false
  for (let left = cell; left > 0 && at < record.length; at += 1) {
    if (record[at] === '"') inQuotes = !inQuotes
    else if (record[at] === separator && !inQuotes) left -= 1
  }
  const above = record.slice(0, at)
  const breaks = [...above.matchAll(lineBreak)]
  const last = breaks.at(-1)
  return { lines: breaks.length, column: at - (last === undefined ? 0 : last.index + last[0].length) + 1 }
}
