import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc } from '../support/properties.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { audit } from '../../src/audit/index.ts'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import type { SqlValue } from '../../src/engine/sql.ts'
import { planOf, settings, snapshotRows, writeSnapshot, type Rows } from '../support/workspace.ts'

const only = [
  'identity/duplicate-email',
  'identity/duplicate-phone',
  'identity/email-as-id',
  'identity/placeholder-id',
  'devices/shared-token',
  'devices/malformed-token',
  'events/missing-property',
  'attributes/wrong-type',
]
const plan = {
  plan: {
    purchase: {
      critical: true,
      properties: { revenue: { type: 'number', required: true, recommended: false } },
    },
  },
  plannedAttributes: { age: { type: 'integer' } },
} as const

type Profile = NonNullable<ExampleWorkspace['profiles']>[number]

/** How many profiles each person has, and which of their defects they have. */
interface Person {
  readonly profiles: number
  readonly phone: boolean
  readonly badAge: boolean
  readonly badToken: boolean
  readonly purchases: number
}

const person: fc.Arbitrary<Person> = fc.record({
  profiles: fc.integer({ min: 1, max: 4 }),
  phone: fc.boolean(),
  badAge: fc.boolean(),
  badToken: fc.boolean(),
  purchases: fc.integer({ min: 0, max: 3 }),
})

const profileOf = (who: Person, n: number, copy: number): Profile => ({
  cio_id: `c${n}-${copy}`,
  id: copy === 0 ? (n % 5 === 0 ? `p${n}@shop.test` : `u-${n}`) : copy === 1 ? `old-${n}` : null,
  // Upper case in every second copy: the same address.
  email: copy % 2 === 0 ? `p${n}@shop.test` : `P${n}@Shop.test`,
  attributes: {
    ...(who.phone ? { phone: `+1415555${1000 + n}` } : {}),
    ...(who.badAge ? { age: `about ${n}` } : {}),
  },
  devices: who.badToken && copy === 0 ? [{ token: `broken token ${n}` }] : [],
})

function shop(people: readonly Person[]): ExampleWorkspace {
  return {
    ...plan,
    profiles: people.flatMap((who, n) =>
      Array.from({ length: who.profiles }, (_, copy) => profileOf(who, n, copy)),
    ),
    events: people.flatMap((who, n) =>
      Array.from({ length: who.purchases }, (_, i) => ({
        cio_id: `c${n}-${who.profiles - 1}`,
        name: 'purchase',
        at: `2026-11-2${i}T10:00:00Z`,
        data: {},
      })),
    ),
  }
}

/** Customer.io merges the last profile of a person into the first: what it had is the first one's, and it is gone. */
const merged = (people: readonly Person[]): Person[] =>
  people.map((who) => (who.profiles > 2 ? { ...who, profiles: who.profiles - 1 } : who))

const shuffled = (rows: Rows, seed: number): Rows =>
  Object.fromEntries(
    Object.entries(rows).map(([table, list]) => [table, turned(list as (readonly SqlValue[])[], seed)]),
  )
const turned = <T>(list: readonly T[], seed: number): T[] => {
  const at = list.length === 0 ? 0 : seed % list.length
  return [...list.slice(at), ...list.slice(0, at)].toReversed()
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** By rule and subject: the fingerprint, and how many are affected. */
async function found(
  rows: Rows,
  asked: readonly string[] = only,
): Promise<ReadonlyMap<string, readonly [string, number]>> {
  const snapshotPath = join(folder, 'snapshot.duckdb')
  await rm(snapshotPath, { force: true })
  await writeSnapshot(snapshotPath, rows)
  const outcome = await audit({
    snapshotPath,
    stateDir: folder,
    settings: { ...settings, identity: { ...settings.identity, canonicalId: '^u-' } },
    plan: planOf(plan),
    waivers: [],
    baseline: null,
    rules,
    only: asked,
    skip: [],
    toolVersion: '0.0.0',
  })
  const all = new Map<string, readonly [string, number]>()
  for await (const chunk of outcome.findings())
    for (const { rule, subject, fingerprint, affected } of chunk)
      all.set(`${rule} ${subject.kind} ${subject.key}`, [fingerprint, affected])
  await outcome.close()
  return all
}
const prints = (all: ReadonlyMap<string, readonly [string, number]>): string[] =>
  [...all.values()].map(([print]) => print).toSorted()

test('fingerprints survive another order, merged profiles and other counts', async () => {
  const seen = new Set<string>()
  let shrunk = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(person, { minLength: 6, maxLength: 12 }),
      fc.nat(1000),
      async (people, seed) => {
        const before = await found(snapshotRows(shop(people)))
        expect(new Set(prints(before)).size).toBe(before.size)
        expect(await found(shuffled(snapshotRows(shop(people)), seed))).toEqual(before)
        const after = await found(snapshotRows(shop(merged(people))))
        expect(prints(after)).toEqual(prints(before))
        for (const [name, [, affected]] of after) {
          seen.add(name.split(' ')[0] ?? '')
          if (affected < (before.get(name)?.[1] ?? 0)) shrunk += 1
        }
        // Everybody buys once more: more is affected, and nothing else is.
        const busier = people.map((who) => ({ ...who, purchases: who.purchases + 1 }))
        const more = await found(snapshotRows(shop(busier)))
        const fresh = prints(more).filter((print) => !prints(before).includes(print))
        expect(fresh.length).toBeLessThanOrEqual(people.every(({ purchases }) => purchases === 0) ? 1 : 0)
        expect(prints(before).filter((print) => !prints(more).includes(print))).toEqual([])
      },
    ),
    { numRuns: 4 },
  )
  // The property says something only where such findings came up, and where a merge left some of them smaller.
  expect(seen.size).toBeGreaterThan(4)
  expect(shrunk).toBeGreaterThan(3)
})

test('two spellings of an event are one finding, whichever is the commoner', async () => {
  const spelled = (first: number, second: number): ExampleWorkspace => ({
    ...plan,
    events: Array.from({ length: first + second }, (_, n) => ({
      cio_id: 'a1',
      name: n < first ? 'quiz_done' : 'Quiz Done',
      at: `2026-11-20T10:${10 + n}:00Z`,
    })),
  })
  const pairs = async (first: number, second: number) =>
    [...(await found(snapshotRows(spelled(first, second)), ['events/name-variant']))].map(
      ([name, [print]]) => ({ name, print }),
    )
  const [one, other] = [await pairs(9, 5), await pairs(5, 9)]
  expect(one.map(({ name }) => name)).toEqual(['events/name-variant event-pair Quiz Done>quiz_done'])
  expect(other.map(({ name }) => name)).toEqual(['events/name-variant event-pair quiz_done>Quiz Done'])
  expect(other[0]?.print).toBe(one[0]?.print)
})
