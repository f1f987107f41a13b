import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { writer, type Written } from './bulk-files.ts'
import { people, shop } from './shops.ts'
import type { Json } from './support.ts'

const write = writer()

describe('warehouse files', () => {
  let files: Written
  const population = shop('broken')
  beforeAll(async () => {
    files = await write({ kind: 'warehouse' })
  })

  test('three syncs and more, whose newest rows are what the API shows', async () => {
    expect(files.files).toContain('people_v4_101_2418.parquet')
    expect(
      files.files.every((name) =>
        /^(people|attributes|deliveries|metrics|campaigns)_v4_101_\d+\.parquet$/.test(name),
      ),
    ).toBe(true)
    const rows = await files.query(
      (glob) => `select * from ${glob('people_*.parquet')}
        qualify row_number() over (partition by internal_customer_id order by updated_at desc) = 1`,
    )
    const living = rows.filter((row) => row['deleted'] === false && row['suppressed'] === false)
    expect(living.length).toBe(people)
    expect(rows.length).toBe(people + people / 100)
    const byId = new Map(living.map((row) => [row['internal_customer_id'], row]))
    for (const { cioId, id, email } of population.people)
      expect(byId.get(cioId)).toMatchObject({ customer_id: id, email_addr: email, workspace_id: 101 })
    expect(rows.some((row) => row['created_at'] === '1970-01-01T00:00:00Z')).toBe(true)
  })

  test('the first sync has everybody, and some of them as they were', async () => {
    const [row] = await files.query(
      (glob) => `select count(distinct old.internal_customer_id) n,
          count(*) filter (new.email_addr is distinct from old.email_addr) emails
        from ${glob('people_v4_101_2416.parquet')} old left join ${glob('people_v4_101_241[78].parquet')} new
          using (internal_customer_id)
        where new.internal_customer_id is null or new.updated_at > old.updated_at`,
    )
    expect(row?.['n']).toBe(people + people / 100)
    expect(Number(row?.['emails'])).toBeGreaterThan(5)
  })

  test('the newest value of each attribute is what the API shows', async () => {
    const rows = await files.query(
      (glob) => `select * from ${glob('attributes_*.parquet')}
        qualify row_number() over (partition by internal_customer_id, attribute_name order by timestamp desc) = 1`,
    )
    const states = new Map<string, Json>()
    for (const row of rows) {
      const key = String(row['internal_customer_id'])
      states.set(key, { ...states.get(key), [String(row['attribute_name'])]: row['attribute_value'] })
    }
    for (const { cioId, attributes, email, phone, unsubscribed } of population.people) {
      expect(states.get(cioId) ?? {}).toEqual({
        ...attributes,
        ...(email === null ? {} : { email }),
        ...(phone === null ? {} : { phone }),
        ...(unsubscribed ? { unsubscribed: 'true' } : {}),
      })
    }
  })

  test('messages and journeys', async () => {
    const [row] = await files.query(
      (glob) => `select count(*) n, count(distinct delivery_id) ids from ${glob('deliveries_*.parquet')}`,
    )
    expect(row).toEqual({ n: population.deliveries.length, ids: population.deliveries.length })
    const metrics = population.deliveries.flatMap((delivery) => Object.keys(delivery.metrics))
    expect(files.rows['metrics']).toBe(metrics.length)
    expect(files.rows['campaigns']).toBe(population.campaigns.length)
  })
})

test('the export has one row per person, with what the person is', async () => {
  const files = await write({ kind: 'export' })
  expect(await readdir(files.folder)).toEqual(['people.csv'])
  // By a reader that tells columns apart by case, as Customer.io does.
  const rows: Record<string, string>[] = parse(await readFile(join(files.folder, 'people.csv'), 'utf8'), {
    columns: true,
  })
  expect(Object.keys(rows[0] ?? {}).slice(0, 4)).toEqual(['cio_id', 'id', 'email', 'created_at'])
  const names = Object.keys(rows[0] ?? {}).slice(4)
  expect(names).toEqual(names.toSorted())
  const byId = new Map(rows.map((row) => [row['cio_id'], row]))
  for (const { cioId, id, email, phone, createdAt, attributes, unsubscribed } of shop('broken').people) {
    const { cio_id: _, ...cells } = byId.get(cioId) ?? {}
    const all = {
      id,
      email,
      phone,
      created_at: String(createdAt),
      unsubscribed: String(unsubscribed),
      ...attributes,
    }
    const filled = (record: object): object =>
      Object.fromEntries(Object.entries(record).filter(([, value]) => value))
    expect(filled(cells)).toEqual(filled(all))
  }
})
