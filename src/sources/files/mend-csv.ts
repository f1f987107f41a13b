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

interface Failed {
  readonly error: CsvError
  /** What had been read of the record. */
  readonly raw: string
}

/** The parser goes on within a record after its first fault, and tells the next one too: it is one record. */
function note(failed: Failed[], next: Failed): void {
  const last = failed.at(-1)
  const isSame =
    last !== undefined &&
    next.raw.startsWith(last.raw) &&
    (next.raw.length > last.raw.length || next.error['lines'] === last.error['lines'])
  if (isSame) failed.splice(-1, 1, { error: last.error, raw: next.raw })
  else failed.push(next)
}

const longestRaw = 65_536
const longestRecord = 4 * 1024 ** 2

/** One record after another; one that has not the columns of the header is rejected with its line. */
export async function* csvRecords(file: SourceFile, source: AsyncIterable<Buffer>): AsyncIterable<Mended> {
  const width = file.columns.size
  const failed: Failed[] = []
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
      on_skip: (error: CsvError | undefined, raw: string | undefined) => {
        if (error !== undefined) note(failed, { error, raw: raw ?? '' })
        return undefined
      },
    }),
  )
  for await (const { record, raw, info } of parser as AsyncIterable<Parsed>) {
    yield* failed.splice(0).map((one) => rejected(file, one))
    const fault = faultOf(record, width)
    if (fault === null) yield { text: stringify([record], { quoted: true }) }
    else {
      const place = `line ${info.lines}, column ${fault.column}`
      yield { reject: { position: `${file.name}, ${place}`, reason: fault.reason, raw: raw.trimEnd() } }
    }
  }
  yield* failed.splice(0).map((one) => rejected(file, one))
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

function rejected(file: SourceFile, { error, raw }: Failed): Mended {
  const facts = error as unknown as Readonly<Record<string, unknown>>
  const place = `line ${String(facts['lines'] ?? '?')}${typeof facts['column'] === 'number' ? `, column ${facts['column'] + 1}` : ''}`
  const reason =
    error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is not closed before the end of the file' : error.message
  return {
    reject: {
      position: `${file.name}, ${place}`,
      reason: reason.slice(0, 300),
      raw: raw.slice(0, longestRaw).toWellFormed().trimEnd(),
    },
  }
}
