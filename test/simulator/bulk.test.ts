import { readdir } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../src/engine/database.ts'
import { anonymousIdOf, uuidOfUlid, type Population } from '../../src/simulator/index.ts'
import { identifiesOf, isDeviceCall, json, ofTheLog, writer, type Written } from './bulk-files.ts'
import { activitiesOf, shop, variants, type Activity } from './shops.ts'
import { now } from './support.ts'

const write = writer()

describe.each(variants)('Pipelines files of the %s shop', (variant) => {
  let files: Written
  let tracks: Row[]
  let population: Population
  let activities: Activity[]
  beforeAll(async () => {
    files = await write({ kind: 'pipelines', variant })
    tracks = await files.query((glob) => `select * from ${glob('*.tracks.parquet')} order by timestamp, id`)
    population = shop(variant)
    activities = activitiesOf(population)
  })

  test('names, positions and columns', async () => {
    const names = await readdir(files.folder)
    expect(names.toSorted()).toEqual(files.files.toSorted())
    const types = Map.groupBy(names, (name) => name.split('.')[3] ?? '')
    expect([...types.keys()].toSorted()).toEqual(
      ['identifies', 'pages', 'screens', 'tracks'].filter(
        (type) => type !== 'pages' || variant !== 'sterile',
      ),
    )
    for (const [type, own] of types) {
      expect(own.length).toBeGreaterThanOrEqual(3)
      expect(own.toSorted()).toEqual(own.map((_, index) => `2184.97.${index + 1}.${type}.parquet`).toSorted())
    }
    const common = ['id', 'received_at', 'sent_at', 'timestamp', 'anonymous_id', 'user_id']
    const columns = async (type: string): Promise<string[]> => {
      const rows = await files.query((glob) => `describe select * from ${glob(`*.${type}.parquet`)}`)
      expect(new Set(rows.map((row) => row['column_type']))).toEqual(new Set(['VARCHAR']))
      return rows.map((row) => String(row['column_name']))
    }
    expect(await columns('identifies')).toEqual([...common, 'traits', 'context'])
    expect(await columns('tracks')).toEqual([...common, 'event', 'event_text', 'properties', 'context'])
    expect(await columns('screens')).toEqual([...common, 'name', 'properties', 'context'])
  })

  test('every event of the log stands in them, with its payload, its time and its person', () => {
    const events = activities.filter(({ type }) => type === 'event')
    const rows = new Map(ofTheLog(tracks, activities).map((row) => [row['id'], row]))
    expect(rows.size).toBe(events.length)
    let beforeLogin = 0
    for (const event of events) {
      const row = rows.get(uuidOfUlid(event.id))
      const person = population.people[event.person]
      expect(row?.['event_text']).toBe(event.name)
      expect(json(row?.['properties'])).toEqual(event.data)
      expect(Math.floor(Date.parse(String(row?.['timestamp'])) / 1000)).toBe(event.timestamp)
      if (row?.['user_id'] === null) beforeLogin += 1
      else expect(row?.['user_id']).toBe(person?.id)
      if (event.data['platform'] === 'pos') expect(row?.['anonymous_id']).toBeNull()
      else expect(row?.['anonymous_id']).toBe(anonymousIdOf(person?.cioId ?? ''))
    }
    expect(beforeLogin / events.length).toBeGreaterThan(0.005)
    expect(beforeLogin / events.length).toBeLessThan(0.1)
  })

  test('screens and pages too', async () => {
    for (const [type, glob] of [
      ['screen', '*.screens.parquet'],
      ['page', '*.pages.parquet'],
    ] as const) {
      const own = activities.filter((activity) => activity.type === type)
      if (own.length === 0) continue
      const rows = await files.query((name) => `select * from ${name(glob)}`)
      expect(rows.map((row) => String(row['id'])).toSorted()).toEqual(
        own.map(({ id }) => uuidOfUlid(id)).toSorted(),
      )
      const [sample] = own
      const row = rows.find(({ id }) => id === uuidOfUlid(sample?.id ?? ''))
      const url = sample?.['url']
      expect(json(row?.['properties'])).toEqual({ ...sample?.data, ...(url === undefined ? {} : { url }) })
      expect(row?.['name']).toBe(sample?.name ?? String(url).split('/').at(-1))
    }
  })

  test('times: in order, never after now, a few late ones from phones, none beyond 72 hours', () => {
    let late = 0
    const planted = new Set(
      files.facts
        .filter(({ rule }) => rule === 'events/bad-timestamp')
        .flatMap(({ records }) => records.map((id) => (id.length > 26 ? id : uuidOfUlid(id)))),
    )
    // Tills report when they are opened.
    const prompt = tracks.filter((row) => !planted.has(String(row['id'])) && row['event'] !== 'purchase')
    for (const row of prompt) {
      const [at, sent, received] = ['timestamp', 'sent_at', 'received_at'].map((name) => {
        expect(row[name]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
        return Date.parse(String(row[name]))
      }) as [number, number, number]
      expect(at <= sent && sent <= received && received <= now.getTime()).toBe(true)
      expect(received - at).toBeLessThan(72 * 3_600_000)
      if (received - at > 3_600_000) late += 1
    }
    expect(late / prompt.length).toBeGreaterThan(0.002)
    expect(late / prompt.length).toBeLessThan(0.02)
  })

  test('slugs, doubled ids and strangers', async () => {
    const identified = new Set((await identifiesOf(files)).map((row) => row['anonymous_id']))
    expect(
      tracks.every(
        (row) =>
          row['event'] ===
          String(row['event_text'])
            .toLowerCase()
            .replaceAll(/[^a-z0-9]/g, '_'),
      ),
    ).toBe(true)
    const doubled = tracks.length - new Set(tracks.map((row) => row['id'])).size
    const known = new Set(population.people.map((person) => anonymousIdOf(person.cioId)))
    const strangers = tracks.filter(
      (row) =>
        row['user_id'] === null &&
        !isDeviceCall(row) &&
        !known.has(String(row['anonymous_id'])) &&
        !identified.has(row['anonymous_id']),
    )
    if (variant === 'sterile') expect([doubled, strangers.length]).toEqual([0, 0])
    else {
      expect(doubled).toBeGreaterThan(0)
      expect(doubled).toBeLessThan(tracks.length * 0.002)
      expect(strangers.length / tracks.length).toBeGreaterThan(0.01)
      expect(strangers.length / tracks.length).toBeLessThan(0.06)
    }
  })

  /** Rules about events whose records are people. */
  const ofPeople = new Set(['events/background-opens', 'events/noisy', 'events/renamed'])

  test('the facts are those of the API and of what only files show, and what they name is there', () => {
    // Of late calls only files tell, and what they say of times has a test of its own (late-calls.test.ts).
    const onlyFiles = [
      'identity/late-identify',
      'identity/unmerged-anonymous',
      'events/bad-timestamp',
      'events/out-of-order',
    ]
    const own = files.facts.filter(({ rule }) => onlyFiles.includes(rule))
    expect(files.facts.filter((fact) => !own.includes(fact))).toEqual(
      population.facts.filter(({ rule }) => rule !== 'events/bad-timestamp'),
    )
    expect(own.length > 0).toBe(variant !== 'sterile')
    const ids = new Set(tracks.map((row) => row['id']))
    const cioIds = new Set(population.people.map((person) => person.cioId))
    // What was refused only the API tells.
    const told = files.facts.filter(({ rule }) => rule !== 'events/rejected')
    const missing = told.flatMap(({ rule, records }) =>
      records.filter((record) =>
        rule === 'identity/late-identify' || (rule.startsWith('events/') && record.length > 26)
          ? !ids.has(record)
          : rule.startsWith('events/') && !ofPeople.has(rule)
            ? !ids.has(uuidOfUlid(record))
            : !cioIds.has(record),
      ),
    )
    expect(missing).toEqual([])
  })
})
