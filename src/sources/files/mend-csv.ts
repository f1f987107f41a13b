import { Readable } from 'node:stream'
import { parse, type CsvError } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import type { Mended } from './mend.ts'
import type { SourceFile } from './recognise.ts'

interface Parsed {
  readonly record: readonly string[]
  readonly raw: string
  readonly info: { readonly lines: number; readonly bytes: number }
}

const longestRecord = 4 * 1024 ** 2

/** One record after another; one that has not the columns of the header is rejected with its line. */
export async function* csvRecords(file: SourceFile, source: AsyncIterable<Buffer>): AsyncIterable<Mended> {
  const width = Object.keys(file.columns).length
  const failed: CsvError[] = []
  const parser = Readable.from(source).pipe(
    parse({
      delimiter: file.delimiter ?? ',',
      // Left to itself the parser takes the end of the first line for that of all.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_records_with_error: true,
      skip_empty_lines: true,
      bom: true,
      from: 2,
      info: true,
      raw: true,
      max_record_size: longestRecord,
      on_skip: (error: CsvError | undefined) => {
        if (error !== undefined) failed.push(error)
        return undefined
      },
    }),
  )
  for await (const { record, raw, info } of parser as AsyncIterable<Parsed>) {
    yield* failed.splice(0).map((error) => rejected(file, error))
    const fault = faultOf(record, width)
    if (fault === null) yield { text: stringify([record], { quoted: true }) }
    else {
      const place = `line ${info.lines}, column ${fault.column}`
      yield { reject: { position: `${file.name}, ${place}`, reason: fault.reason, raw: raw.trimEnd() } }
    }
  }
  yield* failed.splice(0).map((error) => rejected(file, error))
}

/**
 * Bytes that are no UTF-8 come out of the decoder as U+FFFD. A text may hold that letter by itself; in a file that the
 * engine has refused it is taken for damage.
 */
function faultOf(
  record: readonly string[],
  width: number,
): { readonly column: number; readonly reason: string } | null {
  if (record.length !== width) {
    const reason = `it has ${record.length} columns, the header has ${width}`
    return { column: Math.min(record.length, width) + 1, reason }
  }
  const damaged = record.findIndex((cell) => cell.includes('\ufffd'))
  return damaged === -1 ? null : { column: damaged + 1, reason: 'it holds bytes that are no UTF-8 text' }
}

function rejected(file: SourceFile, error: CsvError): Mended {
  const facts = error as unknown as Readonly<Record<string, unknown>>
  const place = `line ${String(facts['lines'] ?? '?')}${typeof facts['column'] === 'number' ? `, column ${facts['column'] + 1}` : ''}`
  const reason =
    error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is not closed before the end of the file' : error.message
  return { reject: { position: `${file.name}, ${place}`, reason: reason.slice(0, 300), raw: '' } }
}
