import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isValidPhoneNumber } from 'libphonenumber-js'
import { describe, expect, test } from 'vitest'
import { loadPlan } from '../../src/config/index.ts'
import { makePopulation, shopPlan, type Population } from '../../src/simulator/index.ts'
import {
  activitiesOf,
  type Activity,
  eventsOf,
  factsOf,
  groups,
  nowSeconds,
  people,
  seed,
  shop,
  variants,
} from './shops.ts'
import { now, type Json } from './support.ts'

function bytesOf(population: Population): string {
  const { people: persons, devices, facts, campaigns, segments, deliveries } = population
  const hash = createHash('sha256').update(
    JSON.stringify([persons, devices, facts, campaigns, segments, deliveries]),
  )
  for (const activity of activitiesOf(population)) hash.update(JSON.stringify(activity))
  return hash.digest('hex')
}

describe('a population is a function of its seed', () => {
  test.each(variants)('%s', (variant) => {
    const options = { people: 150, seed: 9, variant, now }
    expect(bytesOf(makePopulation(options))).toBe(bytesOf(makePopulation(options)))
    expect(bytesOf(makePopulation({ ...options, seed: 10 }))).not.toBe(bytesOf(makePopulation(options)))
  })

  test.each([1, 2, 7, 40])('any size works: %i people', (size) => {
    for (const variant of variants)
      expect(makePopulation({ people: size, seed, variant, now }).people).toHaveLength(size)
  })

  test('more events per person are more activities', () => {
    const mean = (eventsPerPerson: number): number =>
      makePopulation({ people: 1_000, seed, variant: 'healthy', now, eventsPerPerson }).activities.length /
      1_000
    for (const wished of [5, 8, 15]) expect(Math.abs(mean(wished) - wished) / wished).toBeLessThan(0.15)
  })
})

describe.each(variants)('the %s shop', (variant) => {
  const population = shop(variant)
  const activities = activitiesOf(population)

  test('has unique ids for people and activities, and times that can be true', () => {
    expect(new Set(population.people.map((person) => person.cioId)).size).toBe(people)
    expect(new Set(activities.map((activity) => activity.id)).size).toBe(activities.length)
    expect(population.people.every((person) => /^[0-9a-f]{12,16}$/.test(person.cioId))).toBe(true)
    const planted = new Set(
      population.facts
        .filter(({ rule }) => rule === 'events/bad-timestamp')
        .flatMap(({ records }) => records),
    )
    const times = activities.filter(({ id }) => !planted.has(id)).map((activity) => activity.timestamp)
    expect(Math.max(...times)).toBeLessThanOrEqual(nowSeconds)
    expect(activities.length / people).toBeGreaterThan(7)
    // In the broken shop a few phones send a hundred events a day.
    expect(activities.length / people).toBeLessThan(variant === 'broken' ? 11 : 9)
  })

  test('gives activities ids whose time is their own', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    const timeOf = (id: string): number =>
      Array.from(id.slice(0, 10)).reduce((time, digit) => time * 32 + alphabet.indexOf(digit), 0)
    expect(
      activities.every((activity) => Math.floor(timeOf(activity.id) / 1000) === activity.timestamp),
    ).toBe(true)
  })

  test('has well-formed tokens and telephone numbers', () => {
    const formed: Readonly<Record<string, RegExp>> = {
      ios: /^[0-9a-f]{64}$/,
      android: /^[\w-]{22}:APA91b[\w-]{134}$/,
    }
    const others = population.devices.filter(
      ({ device }) => formed[device.platform ?? '']?.test(device.token) !== true,
    )
    // The broken shop has some that are planted: none, odd ones that are fine, and those of no platform.
    if (variant === 'broken') expect(others.length / population.devices.length).toBeLessThan(0.03)
    else expect(others).toEqual([])
    const rewritten = new Set(factsOf(population, 'identity/duplicate-phone').flatMap((fact) => fact.records))
    const phones = population.people.flatMap(({ cioId, phone }) =>
      phone === null || rewritten.has(cioId) ? [] : [phone],
    )
    expect(phones.length).toBeGreaterThan(people / 3)
    // What stands for a number where there is none.
    const blank = /^$|^ $|^[\d+() -]*0{4}$|^1+$|^unknown$|^N\/A$|^12345(67890)?$/
    const wrong = phones.filter((phone) => !isValidPhoneNumber(phone))
    expect(wrong.filter((phone) => variant === 'sterile' || !blank.test(phone))).toEqual([])
  })
})

describe('sterile', () => {
  const population = shop('sterile')

  test('nothing is planted', () => expect(population.facts).toEqual([]))

  test('no value is shared, not even after folding', () => {
    const folded = (email: string | null): string =>
      (email ?? '').toLowerCase().replaceAll('.', '').replace(/\+.*@/, '@')
    expect(groups(population.people, (person) => folded(person.email))).toEqual(new Map())
    expect(groups(population.people, (person) => person.phone)).toEqual(new Map())
    expect(groups(population.people, (person) => person.id)).toEqual(new Map())
    expect(groups([...population.devices], ({ device }) => device.token)).toEqual(new Map())
  })

  test('every event and property is in the shop’s plan, with nothing required absent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plan-'))
    writeFileSync(join(folder, 'tracking-plan.yaml'), shopPlan())
    const plan = await loadPlan('tracking-plan.yaml', folder)
    rmSync(folder, { recursive: true })
    const events = eventsOf(population)
    const unplanned = events.flatMap(({ name = '', data }) =>
      Object.keys(data)
        .filter((property) => plan.events[name]?.properties[property] === undefined)
        .map((property) => `${name}.${property}`),
    )
    expect([...new Set(unplanned)]).toEqual([])
    const absent = events.flatMap(({ name = '', data }) =>
      Object.entries(plan.events[name]?.properties ?? {}).flatMap(([property, { required }]) =>
        required && (data[property] === undefined || data[property] === null) ? [`${name}.${property}`] : [],
      ),
    )
    expect([...new Set(absent)]).toEqual([])
    const seen = new Set(events.map((event) => event.name))
    expect(Object.entries(plan.events).filter(([name, { critical }]) => critical && !seen.has(name))).toEqual(
      [],
    )
    const lacking = Object.keys(plan.attributes).filter((name) =>
      population.people.some((person) => !person.attributes[name]),
    )
    expect(lacking).toEqual([])
  })

  test('revenue follows one formula to the cent', () => {
    const cents = (value: unknown): number => Math.round(Number(value) * 100)
    const orders = eventsOf(population).filter((event) => event.name === 'purchase')
    expect(orders.length).toBeGreaterThan(100)
    for (const { data } of orders) {
      const goods = (data['items'] as Json[]).reduce(
        (sum, item) => sum + cents(item['price']) * Number(item['quantity']),
        0,
      )
      expect(cents(data['revenue'])).toBe(
        goods - cents(data['discount']) + cents(data['shipping']) + cents(data['tax']),
      )
    }
  })
})

describe('healthy looks like a good real shop', () => {
  const population = shop('healthy')
  const share = <T>(values: readonly T[], holds: (value: T) => boolean): number =>
    values.filter(holds).length / values.length

  test('opted in, dormant, families, dots, till, refunds, emptied carts, imports', () => {
    const appUsers = population.people.filter((person) => person.devices.length > 0)
    expect(share(appUsers, (person) => person.attributes['push_opt_in'] === 'true')).toBeCloseTo(0.35, 1)
    expect(
      share(population.devices, ({ device }) => (device.lastUsed ?? nowSeconds) < nowSeconds - 270 * 86_400),
    ).toBeCloseTo(0.3, 1)
    const families = groups(population.people, (person) => person.phone)
    expect(families.size).toBeGreaterThan(10)
    expect([...families.values()].every(([one, other]) => one?.email !== other?.email)).toBe(true)
    expect(share(population.people, (person) => /\..*@gmail\.com$/.test(person.email ?? ''))).toBeGreaterThan(
      0.05,
    )
    const events = eventsOf(population)
    const count = (holds: (event: Activity) => boolean): number => events.filter(holds).length
    expect(count(({ name, data }) => name === 'purchase' && data['platform'] === 'pos')).toBeGreaterThan(10)
    expect(count(({ name, data }) => name === 'purchase' && Number(data['revenue']) < 0)).toBeGreaterThan(2)
    expect(count(({ name, data }) => name === 'purchase' && data['tax'] !== 0)).toBeGreaterThan(10)
    expect(count(({ name, data }) => name === 'cart_updated' && data['cart_value'] === 0)).toBeGreaterThan(5)
    expect(count(({ data }) => data['platform'] === 'web')).toBeGreaterThan(100)
    expect(
      activitiesOf(population).filter((activity) => activity.timestamp < nowSeconds - 35 * 86_400).length,
    ).toBeGreaterThan(20)
    expect(
      population.campaigns.some(
        ({ trigger, state }) =>
          state === 'running' && 'event' in trigger && !events.some((event) => event.name === trigger.event),
      ),
    ).toBe(true)
  })

  test('its faults stay far below every threshold', () => {
    const large = makePopulation({ people: 10_000, seed, variant: 'healthy', now })
    const rate = (rule: string, of: number): number =>
      factsOf(large, rule)
        .filter((fact) => !fact.informative)
        .reduce((sum, fact) => sum + fact.records.length, 0) / of
    expect(rate('identity/duplicate-email', 10_000)).toBeLessThan(0.002)
    expect(rate('devices/shared-token', large.devices.length)).toBeLessThan(0.0015)
    expect(rate('devices/orphaned-token', large.devices.length)).toBe(0)
    expect(rate('attributes/missing', 10_000)).toBeLessThan(0.01)
    const names = Map.groupBy(eventsOf(large), (event) => event.name)
    const limits: Readonly<Record<string, number>> = {
      'events/duplicate-key': 0.001,
      'events/missing-key': 0.05,
    }
    for (const fact of large.facts.filter(
      ({ rule, informative }) => rule.startsWith('events/') && !informative,
    )) {
      const affected = fact.surplus ?? fact.records.length
      const limit = limits[fact.rule] ?? 0.005
      const events =
        fact.rule === 'events/rejected'
          ? large.activities.length
          : (names.get(fact.subject.split('.')[0])?.length ?? 0)
      // Under three cases no rule fails, whatever their share is.
      expect(
        affected < 3 || affected / events < limit / 2,
        `${fact.rule} ${fact.subject}: ${affected} of ${events}`,
      ).toBe(true)
    }
  })
})
