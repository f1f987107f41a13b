import { describe, expect, test } from 'vitest'
import { effectiveSize, wilson } from '../../src/audit/interval.ts'
import { SampleView } from '../../src/audit/sampling.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'

/** A small generator of its own: the same draws in every run (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

interface Person {
  readonly records: number
  readonly affected: number
}

/** How often the interval of a draw holds the share of everybody. */
function coverage(people: readonly Person[], drawn: number, draws: number): number {
  const random = randomOf(7)
  const sum = (some: readonly Person[], of: (person: Person) => number): number =>
    some.reduce((all, person) => all + of(person), 0)
  const truth = sum(people, ({ affected }) => affected) / sum(people, ({ records }) => records)
  let held = 0
  for (let draw = 0; draw < draws; draw += 1) {
    const order = [...people]
    for (let at = 0; at < drawn; at += 1) {
      const other = at + Math.floor(random() * (order.length - at))
      ;[order[at], order[other]] = [order[other] as Person, order[at] as Person]
    }
    const sample = order.slice(0, drawn)
    const records = sum(sample, (person) => person.records)
    const clustering = sum(sample, (person) => person.records ** 2) / records
    const size = effectiveSize(records, clustering, { people: drawn, of: people.length })
    const [low, high] = wilson(sum(sample, ({ affected }) => affected) / records, size)
    if (low <= truth && truth <= high) held += 1
  }
  return held / draws
}

describe('the 95 % interval of a sample holds the share of everybody', () => {
  const one = (share: number): Person[] => {
    const random = randomOf(1)
    return Array.from({ length: 5000 }, () => ({ records: 1, affected: random() < share ? 1 : 0 }))
  }
  /** Most have a few events, some have hundreds. */
  const several = (share: number, isOfPerson: boolean, seed: number): Person[] => {
    const random = randomOf(seed)
    return Array.from({ length: 5000 }, () => {
      const records = 1 + Math.floor(Math.min(200, 3 / (random() + 0.01)))
      const isBad = random() < share
      const affected = isOfPerson
        ? isBad
          ? records
          : 0
        : Array.from({ length: records }, random).filter((value) => value < share).length
      return { records, affected }
    })
  }

  test.each([0.005, 0.02, 0.1, 0.5])('of one record each, %d of them affected', (share) => {
    expect(coverage(one(share), 400, 1000)).toBeGreaterThanOrEqual(0.93)
  })

  test('and is no wider than it must be', () => {
    expect(coverage(one(0.1), 400, 1000)).toBeLessThanOrEqual(0.97)
  })

  test('when four of five are drawn', () => {
    const all = coverage(one(0.1), 4000, 300)
    expect(all).toBeGreaterThanOrEqual(0.93)
    expect(all).toBeLessThanOrEqual(0.98)
  })

  const average = (share: number, isOfPerson: boolean): number =>
    [2, 3, 4, 5, 6].reduce((sum, seed) => sum + coverage(several(share, isOfPerson, seed), 400, 400) / 5, 0)

  test.each([0.02, 0.1, 0.3])('of many records each, %d of the people with all of theirs', (share) => {
    expect(average(share, true)).toBeGreaterThanOrEqual(0.95)
  })

  test.each([0.005, 0.1])('of many records each, %d of the records wherever they are', (share) => {
    expect(average(share, false)).toBeGreaterThanOrEqual(0.95)
  })
})

test('nothing seen in few is not nothing, and without records nothing is known', () => {
  expect(wilson(0, 50)).toEqual([0, expect.closeTo(0.0713, 4)])
  expect(wilson(1, 50)).toEqual([expect.closeTo(0.9287, 4), 1])
  // The textbook example of the score interval: 15 of 150.
  expect(wilson(0.1, 150)).toEqual([expect.closeTo(0.0615, 3), expect.closeTo(0.1585, 3)])
  expect(wilson(0, 0)).toEqual([0, 1])
})

test('where everybody is drawn the share is certain', () => {
  expect(effectiveSize(10, 3, { people: 100, of: 100 })).toBe(Number.POSITIVE_INFINITY)
  expect(wilson(0.25, Number.POSITIVE_INFINITY)).toEqual([0.25, 0.25])
})

test('people with many events of a name count as one each', async () => {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  await db.run(raw('create table event (type varchar, name varchar, person integer)'))
  // Ten people with one cart each; of the views one person has ninety, ten have one.
  await db.run(raw("insert into event select 'event', 'cart', i from range(10) r(i)"))
  await db.run(
    raw("insert into event select 'event', 'view', case when i < 90 then 0 else i end from range(100) r(i)"),
  )
  const view = new SampleView({ people: 50, of: 5000, seed: 1 }, db)
  const left = 1 - 50 / 5000
  expect(await view.interval('per-event', 'cart', 1, 10)).toEqual(wilson(0.1, 10 / left))
  const [low, high] = wilson(0.1, 100 / 81.1 / 1.4 / left)
  expect(await view.interval('per-event', 'view', 10, 100)).toEqual([
    expect.closeTo(low, 10),
    expect.closeTo(high, 10),
  ])
  expect(await view.interval('per-profile', null, 1, 10)).toEqual(wilson(0.1, 10 / left))
  db.close()
})
