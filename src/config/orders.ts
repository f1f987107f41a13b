import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { UsageError } from '../core/errors.ts'
import type { OrderFile, ShopOrder } from '../core/order.ts'
import { cellPlace, columnsOf, lineBreaks, separatorOf } from './csv.ts'
import { customerColumns, orderColumns, readOrder, type OrderColumn } from './order-row.ts'
import { fileError, type Problem } from './problem.ts'
import { isUtf16, notUtf8, openRegular, utf16, relativeName, type FileKind } from './text-file.ts'

const kind: FileKind = {
  name: 'file of orders',
  code: 'CONFIG_ORDERS',
  flag: '--orders',
}
const help =
  'It needs a header row with order_id, ordered_at, customer_id or email, total and currency; platform is welcome.'

const batchSize = 5000
/** A quotation mark that is never closed would gather all the rest of the file. */
const longestRecord = 100_000
/** So many are told at once; then reading on is of no use. */
const mostProblems = 10

/**
 * Looks through `--orders` to its end: what is wrong is said before anything is asked of Customer.io. Null without the flag.
 */
export async function loadOrders(path: string | undefined, cwd: string): Promise<OrderFile | null> {
  if (path === undefined) return null
  const full = resolve(cwd, path)
  const source = { full, origin: relativeName(full, cwd), separator: await separatorIn(full, cwd) }
  const first = new Reading(source)
  let zoneless = 0
  for await (const batch of first.batches()) zoneless += batch.zoneless
  const sha256 = first.sha256()
  return {
    sha256,
    notices:
      zoneless === 0
        ? []
        : [`${source.origin}: times without a time zone are taken for UTC (${zoneless} of them).`],
    async *batches() {
      const again = new Reading(source)
      for await (const { orders } of again.batches()) yield orders
      if (again.sha256() === sha256) return
      throw new UsageError(
        kind.code,
        `The ${kind.name} ${source.origin} was changed while it was read.`,
        'Run again when nobody writes to it.',
      )
    },
  }
}

interface Source {
  readonly full: string
  readonly origin: string
  readonly separator: string
}

async function separatorIn(full: string, cwd: string): Promise<string> {
  const handle = await openRegular(full, relativeName(full, cwd), kind)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    return separatorOf(buffer.toString('utf8', 0, bytesRead))
  } finally {
    await handle.close()
  }
}

interface Batch {
  readonly orders: readonly ShopOrder[]
  readonly zoneless: number
}

interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
  readonly raw: string
}

/** One way through the file. */
class Reading {
  readonly #source: Source
  readonly #hash = createHash('sha256')

  constructor(source: Source) {
    this.#source = source
  }

  /** Once it was read to its end. */
  sha256(): string {
    return this.#hash.digest('hex')
  }

  async *batches(): AsyncIterable<Batch> {
    const { origin, separator } = this.#source
    const parser = parse({
      delimiter: separator,
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: longestRecord,
      record_delimiter: ['\r\n', '\n', '\r'],
    })
    // What fails on the way in ends the parser, and so the loop below.
    pipeline(Readable.from(this.#text()), parser, () => undefined)
    const problems: Problem[] = []
    let columns: { readonly place: ReadonlyMap<string, number>; readonly count: number } | undefined
    let orders: ShopOrder[] = []
    let zoneless = 0
    try {
      for await (const { record, info, raw } of parser as AsyncIterable<CsvRecord>) {
        if (record.every((cell) => cell.trim() === '')) continue
        if (columns === undefined) {
          columns = { place: headerOf(record, origin), count: record.length }
          continue
        }
        const { place, count } = columns
        const line = info.lines - lineBreaks(record)
        const cell = (name: OrderColumn): string => record[place.get(name) ?? -1]?.trim() ?? ''
        const read =
          record.length === count
            ? readOrder(line, cell)
            : { column: 'order_id' as const, text: `it has ${record.length} cells and the header ${count}` }
        if ('order' in read) {
          orders.push(read.order)
          if (read.zoneless) zoneless += 1
        } else {
          const at = cellPlace(raw, separator, record.length === count ? (place.get(read.column) ?? 0) : 0)
          problems.push({ line: line + at.lines, column: at.column, text: read.text })
        }
        if (problems.length === mostProblems) break
        if (orders.length < batchSize) continue
        yield { orders, zoneless }
        orders = []
        zoneless = 0
      }
    } catch (cause) {
      if (!(cause instanceof CsvError)) throw cause
      throw notOrders(
        origin,
        `breaks off in line ${String(cause['lines'] ?? 1)}: a quotation mark is not closed or stands in a wrong place`,
        cause,
      )
    }
    if (columns === undefined) throw notOrders(origin, 'is empty')
    if (problems.length > 0) throw fileError(kind.code, origin, problems, help)
    yield { orders, zoneless }
  }

  async *#text(): AsyncIterable<string> {
    const { full, origin } = this.#source
    const decoder = new TextDecoder('utf-8', { fatal: true })
    let isFirst = true
    for await (const bytes of createReadStream(full, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>) {
      if (isFirst && isUtf16(bytes)) throw notUtf8(origin, kind, utf16, undefined)
      isFirst = false
      this.#hash.update(bytes)
      if (bytes.includes(0)) throw notOrders(origin, 'holds bytes that are no text')
      yield decoded(origin, () => decoder.decode(bytes, { stream: true }))
    }
    yield decoded(origin, () => decoder.decode())
  }
}

function decoded(origin: string, decode: () => string): string {
  try {
    return decode()
  } catch (cause) {
    throw notUtf8(origin, kind, 'not UTF-8 text', cause)
  }
}

function headerOf(header: readonly string[], origin: string): ReadonlyMap<string, number> {
  const place = columnsOf(header)
  const missing = [
    ...orderColumns.filter((name) => !place.has(name)),
    ...(customerColumns.some((name) => place.has(name)) ? [] : ['customer_id or email']),
  ]
  if (missing.length === 0) return place
  const text = `the first row has no column ${missing.join(', nor ')}`
  throw fileError(kind.code, origin, [{ line: 1, column: 1, text }], help)
}

function notOrders(origin: string, what: string, cause?: unknown): UsageError {
  return new UsageError(kind.code, `The ${kind.name} ${origin} ${what}.`, help, { cause })
}
