import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { openDatabase } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'

const events = 1_000_000

/** The rules that check the same. */
export const checkedRowByRow = [
  'events/duplicate-burst',
  'events/duplicate-key',
  'events/missing-property',
  'events/wrong-type',
] as const

/**
 * The way that one would write without an engine: each row of a CSV file parsed, its JSON too, checked in JavaScript, and
 * every key kept in a Map. Missing and wrong properties of cart events, repeated keys and copies within one second.
 */
export async function rowByRow(
  folder: string,
  scratch: string,
): Promise<{ events: number; seconds: number; rowsPerSecond: number; peakRssMiB: number }> {
  const path = join(scratch, 'row-by-row.csv')
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  await db.run(
    raw(
      `copy (select id, user_id, event_text, "timestamp", properties from read_parquet('${folder}/*.tracks.parquet') limit ${events}) to '${path}' (header)`,
    ),
  )
  db.close()
  const keys = new Map<string, number>()
  const moments = new Map<string, number>()
  const defects = new Map<string, number>()
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1)
  const started = performance.now()
  let rows = 0
  const parser = createReadStream(path).pipe(parse({ columns: true }))
  for await (const row of parser as AsyncIterable<Record<string, string>>) {
    rows += 1
    const name = row['event_text'] ?? ''
    const data = JSON.parse(row['properties'] ?? '{}') as Record<string, unknown>
    const { event_id: key, ...rest } = data
    if (typeof key === 'string') count(keys, `${row['user_id']} ${name} ${key}`)
    count(moments, `${row['user_id']} ${name} ${row['timestamp']} ${JSON.stringify(rest)}`)
    if (name !== 'cart_updated' && name !== 'checkout_started') continue
    for (const property of ['cart_id', 'cart_value', 'currency', 'items']) {
      const value = data[property]
      if (value === undefined || value === null || value === '') count(defects, `${name}.${property} missing`)
    }
    if (typeof data['cart_value'] !== 'number') count(defects, `${name}.cart_value type`)
    if (!Array.isArray(data['items'])) count(defects, `${name}.items type`)
    else if (data['items'].some((item: { price?: unknown }) => typeof item?.price !== 'number'))
      count(defects, `${name}.items[].price`)
  }
  const seconds = (performance.now() - started) / 1000
  return {
    events: rows,
    seconds: Number(seconds.toFixed(1)),
    rowsPerSecond: Math.round(rows / seconds),
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}
