import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Row } from '../../src/engine/database.ts'
import { makePopulation } from '../../src/simulator/index.ts'
import { allFiles } from '../support/cli.ts'
import { writer, type Written } from './bulk-files.ts'
import { activitiesOf, seed } from './shops.ts'
import { now, type Json } from './support.ts'

const write = writer()

describe('every type of file says the same', () => {
  test.each(['jsonl', 'jsonl.gz', 'csv', 'csv.gz'] as const)('%s', async (fileType) => {
    const parquet = await write({ kind: 'pipelines', people: 300 })
    const other = await write({ kind: 'pipelines', people: 300, fileType })
    expect(other.files).toEqual(parquet.files.map((name) => name.replace('parquet', fileType)))
    const text = (row: Row): string => JSON.stringify(row)
    const all = 'id, received_at, sent_at, timestamp, anonymous_id, user_id, event, event_text'
    const from = (glob: (name: string) => string, type: string): string => {
      const name = glob(`*.tracks.${type}`)
      if (type === 'parquet') return name
      return type.startsWith('csv')
        ? `read_csv(${name}, all_varchar = true, header = true)`
        : `read_ndjson(${name}, columns = {${['properties', 'context', ...all.split(', ')].map((column) => `${column}: '${/^prop|^cont/.test(column) ? 'JSON' : 'VARCHAR'}'`).join(', ')}})`
    }
    const read = (files: Written, type: string): Promise<Row[]> =>
      files.query(
        (glob) =>
          `select ${all}, properties::varchar properties, context::varchar context from ${from(glob, type)}`,
      )
    expect((await read(other, fileType)).map(text).toSorted()).toEqual(
      (await read(parquet, 'parquet')).map(text).toSorted(),
    )
    if (fileType === 'jsonl.gz') {
      const bytes = await readFile(join(other.folder, other.files[0] ?? ''))
      const line = JSON.parse(gunzipSync(bytes).toString().split('\n')[0] ?? '') as Json
      expect(typeof line['context']).toBe('object')
    }
  })
})

describe('blocks', () => {
  const blockSize = { whole: 100, people: 250, activities: 1_000_000 }
  const large = { kind: 'pipelines', people: 1_000, blockSize, fileType: 'jsonl' } as const

  test('the number of threads changes no byte', async () => {
    const one = await write({ ...large, threads: 1 })
    const three = await write({ ...large, threads: 3 })
    expect(await allFiles(three.folder)).toEqual(await allFiles(one.folder))
    expect(three.facts).toEqual(one.facts)
    expect(one.files).toHaveLength(16)
  })

  test('nobody meets in two blocks, and every fact is of one shop', async () => {
    const files = await write({ kind: 'export', people: 4_000, blockSize: { ...blockSize, people: 1_000 } })
    const [row] = await files.query(
      (glob) => `select count(*) n, count(distinct cio_id) cio_ids, count(id) ids, count(distinct id) own,
        count(*) filter (id = 'null') placeholders from read_csv(${glob('people.csv')}, all_varchar = true, header = true)`,
    )
    expect(row).toMatchObject({ n: 4_000, cio_ids: 4_000, ids: row?.['own'], placeholders: 1 })
    const clashes = async (column: string): Promise<number> => {
      const rows = await files.query(
        (glob) => `select ${column} from (select *, row_number() over () number from
            read_csv(${glob('people.csv')}, all_varchar = true, header = true))
          where ${column} is not null and not regexp_matches(email, '(?i)^(info|support)@northwind|^test@test|^noemail|^customer@|^qa-robot@|^unknown|noemail@|none@none|^guest@')
            and not regexp_matches(coalesce(phone, ''), '^[01() +-]+$|^unknown|^N/A|^12345')
          group by ${column} having count(distinct (number - 1) // 1000) > 1`,
      )
      return rows.length
    }
    expect(await clashes('email')).toBe(0)
    expect(await clashes('phone')).toBe(0)
    const keys = files.facts.map((fact) => [fact.rule, fact.subject, fact.plan, fact.informative].join(' '))
    expect(new Set(keys).size).toBe(keys.length)
    const certain = new Set(
      files.facts.filter((fact) => fact.rule === 'events/duplicate-burst').map((fact) => fact.subject),
    )
    expect(certain.size).toBeGreaterThan(2)
  })

  test('order numbers and tokens are given once', async () => {
    const files = await write({ ...large, variant: 'sterile', fileType: 'parquet' })
    const [row] = await files.query(
      (
        glob,
      ) => `select count(*) n, count(distinct properties->>'order_id') orders from ${glob('*.tracks.parquet')}
        where event = 'purchase'`,
    )
    expect(row?.['orders']).toBe(row?.['n'])
    const shared = await files.query(
      (glob) => `select properties->>'token' from ${glob('*.tracks.parquet')} where event like 'device%'
        group by 1 having count(distinct user_id) > 1`,
    )
    expect(shared).toEqual([])
  })
})

describe('messy', () => {
  test('adds numbers and free keys to every event, and changes nothing else', () => {
    const plain = makePopulation({ people: 400, seed, variant: 'broken', now })
    const messy = makePopulation({ people: 400, seed, variant: 'broken', now, messy: true })
    // What the plan does not know is all that the mess adds to the truth.
    const others = ({ facts }: typeof plain) => facts.filter(({ rule }) => rule !== 'events/unplanned')
    expect(others(messy)).toEqual(others(plain))
    const numbers = new Set<string>()
    const originals = new Map(activitiesOf(plain).map((activity) => [activity.id, activity]))
    for (const activity of activitiesOf(messy)) {
      const original = originals.get(activity.id)
      if (activity.type !== 'event') {
        expect(activity).toEqual(original)
        continue
      }
      const { attributes, ...data } = activity.data
      expect(Object.keys(attributes as Json).length).toBeGreaterThan(0)
      for (const name of Object.keys(data)) if (!(name in (original?.data ?? {}))) numbers.add(name)
      expect(data).toMatchObject(original?.data ?? {})
    }
    expect(numbers.size).toBe(12)
  })
})
