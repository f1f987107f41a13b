import { beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../src/engine/database.ts'
import { anonymousIdOf, type Population } from '../../src/simulator/index.ts'
import { identifiesOf, isDeviceCall, json, ofTheLog, writer, type Written } from './bulk-files.ts'
import { activitiesOf, factsOf, shop, variants, type Activity } from './shops.ts'
import type { Json } from './support.ts'

const write = writer()

const recordsOf = (files: Written, rule: string): Set<string> =>
  new Set(files.facts.filter((fact) => fact.rule === rule).flatMap(({ records }) => records))

describe.each(variants)('who calls in the %s shop', (variant) => {
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

  test('nobody stays anonymous who logs in: an identify follows within minutes', async () => {
    const identifies = await identifiesOf(files)
    const logins = Map.groupBy(identifies, (row) => row['anonymous_id'])
    const late = recordsOf(files, 'identity/late-identify')
    const sessions = ofTheLog(tracks, activities).filter(
      (row) => row['user_id'] === null && !late.has(String(row['id'])),
    )
    expect(variant === 'sterile' || late.size > 0).toBe(true)
    for (const row of sessions) {
      const at = Date.parse(String(row['timestamp']))
      const soon = logins
        .get(row['anonymous_id'] ?? '')
        ?.filter((login) => Math.abs(Date.parse(String(login['timestamp'])) - at - 150_000) <= 170_000)
      expect(soon?.some((login) => login['user_id'] !== null)).toBe(true)
    }
  })

  test('the identifies end in what a person is', async () => {
    const states = new Map<string, Json>()
    for (const row of await identifiesOf(files)) {
      const key = String(row['user_id'] ?? row['anonymous_id'])
      states.set(key, { ...states.get(key), ...json(row['traits']) })
    }
    const spoilt = new Set(
      factsOf(population, 'attributes/wrong-type').flatMap(({ subject, records }) =>
        records.map((cioId) => `${subject} ${cioId}`),
      ),
    )
    const nobody = new Set(factsOf(population, 'identity/anonymous-profile').flatMap((fact) => fact.records))
    for (const person of population.people) {
      if (nobody.has(person.cioId)) continue
      const state = states.get(person.id || anonymousIdOf(person.cioId))
      const expected: Json = {
        ...person.attributes,
        ...(person.email === null ? {} : { email: person.email }),
        ...(person.phone === null ? {} : { phone: person.phone }),
        ...(person.unsubscribed ? { unsubscribed: 'true' } : {}),
        created_at: String(person.createdAt),
      }
      const texts = Object.entries(state ?? {}).map(([name, value]) => {
        if (typeof value === 'string' || value === null) return [name, value]
        expect(spoilt.has(`${name} ${person.cioId}`)).toBe(false)
        return [name, name === 'lifetime_value' ? (value as number).toFixed(2) : String(value)]
      })
      expect(Object.fromEntries(texts)).toEqual(expected)
    }
  })

  test('devices: the holders are those of the API', () => {
    const holders = new Map<string, Map<string, string>>()
    const lost = new Set(
      files.facts
        .filter(({ rule }) => rule === 'identity/unmerged-anonymous')
        .map(({ subject }) => subject.replace('anon:', '')),
    )
    for (const row of tracks.filter(isDeviceCall)) {
      // Nobody joins these with anybody; the token is registered again for its holder.
      if (lost.has(String(row['anonymous_id']))) continue
      const { device } = json(row['context']) as { device: { token: string; type: string } }
      const own = holders.get(device.token) ?? new Map<string, string>()
      holders.set(device.token, own)
      const who = String(row['user_id'] ?? row['anonymous_id'])
      if (row['event_text'] === 'Device Deleted') own.delete(who)
      // Before the login there is only the anonymous id; the call with the person follows.
      else own.set(who, String(row['properties']))
      if (row['user_id'] !== null) own.delete(String(row['anonymous_id']))
    }
    const expected = Map.groupBy(population.devices, ({ device }) => device.token)
    expect(holders.size).toBe(expected.size)
    const idOf = new Map(population.people.map((person) => [person.cioId, person.id]))
    for (const [token, held] of expected) {
      const own = holders.get(token)
      expect(own?.size).toBe(held.length)
      for (const { cioId, device } of held) {
        const positions = [0, 1].map((position) => anonymousIdOf(cioId, position))
        const properties = [idOf.get(cioId) || '', ...positions].map((who) => own?.get(who)).find(Boolean)
        const { _last_status: _, push_enabled: enabled, ...attributes } = device.attributes
        const native = enabled === undefined ? {} : { push_enabled: enabled === 'true' }
        expect(json(properties)).toEqual({ token, ...attributes, ...native })
      }
    }
    if (variant !== 'sterile') expect(tracks.some((row) => row['event_text'] === 'Device Deleted')).toBe(true)
  })
})

describe('tokens of nobody', () => {
  test('stay with an anonymous id that a plain person claims later', async () => {
    const files = await write({ kind: 'pipelines' })
    const population = shop('broken')
    const nobodies = population.people.filter(
      ({ id, email, phone, devices }) => !id && !email && !phone && devices.length > 0,
    )
    expect(nobodies.length).toBeGreaterThan(8)
    const users = new Map(population.people.map((person) => [person.id, person]))
    for (const { cioId, devices } of nobodies) {
      for (const [position, { token }] of devices.entries()) {
        const anonymousId = anonymousIdOf(cioId, position)
        const seen = await files.query(
          (
            glob,
          ) => `select distinct anonymous_id, user_id from read_parquet([${glob('*.tracks.parquet')}, ${glob('*.identifies.parquet')}], union_by_name = true)
            where context like '%${token}%'`,
        )
        expect(seen).toEqual([{ anonymous_id: anonymousId, user_id: null }])
        const claims = await files.query(
          (glob) =>
            `select user_id from ${glob('*.identifies.parquet')} where anonymous_id = '${anonymousId}'`,
        )
        expect(claims).toHaveLength(1)
        expect(users.get(String(claims[0]?.['user_id']))?.email).toBeTruthy()
      }
    }
  })
})

// In this shop one who has lost the id to a plant is a customer of the till, which has no anonymous ids.
test('every call names somebody', async () => {
  const files = await write({ kind: 'pipelines', variant: 'broken', people: 2000, seed: 334_368_199 })
  const [row] = await files.query(
    (
      glob,
    ) => `select count(*) as calls, count(*) filter (user_id is null and anonymous_id is null) as nameless
      from read_parquet(${glob('*.parquet')}, union_by_name = true)`,
  )
  expect(Number(row?.['calls'])).toBeGreaterThan(10_000)
  expect(Number(row?.['nameless'])).toBe(0)
})
