import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

type Profile = NonNullable<ExampleWorkspace['profiles']>[number]

/** What one profile says of itself; the numbers stand for values that several may have. */
const said = fc.record({
  email: fc.option(fc.constantFrom('ana', 'ANA', 'ana+x', 'bo', 'info'), { freq: 2 }),
  id: fc.option(fc.constantFrom('u-', 'U-', ' u-', 'v-', 'mail', 'null'), { freq: 2 }),
  phone: fc.option(fc.constantFrom('5', '6'), { freq: 1 }),
  tokens: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
})
type Said = typeof said extends fc.Arbitrary<infer T> ? T : never

/** Each run builds two whole models and more, and machines are busy. */
const patient = { timeout: 240_000 }

/** Groups that have nothing in common, so that one model judges many cases. */
const shops = fc.array(fc.array(said, { minLength: 2, maxLength: 7 }), { minLength: 25, maxLength: 25 })

function profileOf({ email, id, phone, tokens }: Said, group: number, n: number): Profile {
  const k = String(group).padStart(3, '0')
  const mail = (local: string): string => `${local}@case${k}.test`
  return {
    cio_id: `${k}/${n}`,
    ...(email === null ? {} : { email: mail(email) }),
    ...(id === null ? {} : { id: id === 'null' ? id : id === 'mail' ? mail('ana') : id + k }),
    ...(phone === null ? {} : { attributes: { phone: `+1415555${phone}${k}` } }),
    devices: tokens.map((letter) => ({ token: k.padStart(64, letter) })),
  }
}

const profilesOf = (groups: readonly (readonly Said[])[]): Profile[] =>
  groups.flatMap((people, group) => people.map((person, n) => profileOf(person, group, n)))

/** The name of the cluster of each profile. */
async function clustersOf(
  profiles: readonly Profile[],
  { maxShare = 5, threads = 2 } = {},
): Promise<ReadonlyMap<string, string>> {
  const changed = { ...settings, identity: { ...settings.identity, maxShare } }
  const db = await modelOver(snapshotRows({ profiles }), planOf({}), changed, threads)
  try {
    const rows = await db.rows(raw('select cio_id, cluster from member order by cio_id'))
    return new Map(rows.map((row) => [String(row['cio_id']), String(row['cluster'])]))
  } finally {
    db.close()
  }
}

const membersOf = (clusters: ReadonlyMap<string, string>): readonly (readonly string[])[] => [
  ...Map.groupBy(clusters.keys(), (id) => clusters.get(id)).values(),
]

/** Pairs of profiles that are one person. */
function pairsOf(clusters: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set(
    membersOf(clusters).flatMap((ids) =>
      ids.flatMap((a) => ids.filter((b) => a < b).map((b) => `${a} ${b}`)),
    ),
  )
}

const missing = (wanted: ReadonlySet<string>, found: ReadonlySet<string>): string[] =>
  [...wanted].filter((pair) => !found.has(pair))

/** Addresses and ids of some profiles, in the forms in which they contradict each other. */
const addressesOf = (profiles: readonly Profile[]): ReadonlySet<string> =>
  new Set(profiles.flatMap(({ email }) => (email ? [email.toLowerCase().replace('+x', '')] : [])))
const idsOf = (profiles: readonly Profile[]): ReadonlySet<string> =>
  new Set(profiles.flatMap(({ id }) => (id && id !== 'null' ? [id.trim().toLowerCase()] : [])))

/** Whether people who are each whole in themselves cannot all be one: two addresses, or ids of which none is in common. */
function contradict(people: readonly (readonly Profile[])[]): boolean {
  if (addressesOf(people.flat()).size > 1) return true
  const ids = people.map(idsOf).filter(({ size }) => size > 0)
  return ids.some((one) => ids.some((other) => one.isDisjointFrom(other)))
}

test(
  'every profile is in one cluster, that of its smallest member, at any order and number of threads',
  patient,
  async () => {
    await fc.assert(
      fc.asyncProperty(shops, async (groups) => {
        const profiles = profilesOf(groups)
        const clusters = await clustersOf(profiles)
        expect([...clusters.keys()]).toEqual(profiles.map(({ cio_id }) => cio_id).toSorted())
        for (const [id, cluster] of clusters) {
          expect(cluster <= id).toBe(true)
          expect(clusters.get(cluster)).toBe(cluster)
        }
        const half = Math.floor(profiles.length / 2)
        const turned = [...profiles.slice(half).toReversed(), ...profiles.slice(0, half)]
        expect([...(await clustersOf(turned, { threads: 1 }))]).toEqual([...clusters])
        expect([...(await clustersOf(turned, { threads: 4 }))]).toEqual([...clusters])
      }),
      { numRuns: 3 },
    )
  },
)

/**
 * A value that joins more people can bring to light that two of them contradict each other, and then what joined them by
 * weaker evidence falls: contradictions are judged over the whole cluster. Nothing else may split one.
 */
test('raising maxShare splits a cluster only where what it joins contradicts', patient, async () => {
  await fc.assert(
    fc.asyncProperty(
      shops,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (groups, low, more) => {
        const profiles = profilesOf(groups)
        const byId = new Map(profiles.map((profile) => [profile.cio_id, profile]))
        const after = await clustersOf(profiles, { maxShare: low + more })
        const wholes = new Map(membersOf(after).map((ids) => [after.get(ids[0] ?? ''), ids]))
        for (const ids of membersOf(await clustersOf(profiles, { maxShare: low }))) {
          const names = [...new Set(ids.map((id) => after.get(id)))]
          if (names.length === 1) continue
          const people = names.map((name) => (wholes.get(name) ?? []).flatMap((id) => byId.get(id) ?? []))
          expect({ people, contradict: contradict(people) }).toEqual({ people, contradict: true })
        }
      },
    ),
    { numRuns: 4 },
  )
})

test(
  'such a split: three on one address turn out to be somebody with an id, and the token is a switch',
  patient,
  async () => {
    const devices = [{ token: '1'.padStart(64, 'a') }]
    const profiles: Profile[] = [
      { cio_id: '1', email: 'ana@shop.test', devices },
      { cio_id: '2', email: 'ana@shop.test', id: 'u-1' },
      { cio_id: '3', email: 'ana@shop.test' },
      { cio_id: '4', id: 'v-1', devices },
    ]
    expect(pairsOf(await clustersOf(profiles, { maxShare: 2 }))).toEqual(new Set(['1 4']))
    expect(pairsOf(await clustersOf(profiles, { maxShare: 3 }))).toEqual(new Set(['1 2', '1 3', '2 3']))
  },
)

test(
  'whoever shares nothing with others changes no cluster by an address of their own',
  patient,
  async () => {
    await fc.assert(
      fc.asyncProperty(shops, async (groups) => {
        const profiles = profilesOf(groups)
        const loners = groups.map((_, group): Profile => ({
          cio_id: `${String(group).padStart(3, '0')}/!`,
          id: `loner-${group}`,
          email: `zoe@case${group}.test`,
        }))
        const before = await clustersOf(profiles)
        const after = await clustersOf([...profiles, ...loners])
        expect(profiles.map(({ cio_id }) => after.get(cio_id))).toEqual(
          profiles.map(({ cio_id }) => before.get(cio_id)),
        )
        expect(loners.map(({ cio_id }) => after.get(cio_id))).toEqual(loners.map(({ cio_id }) => cio_id))
      }),
      { numRuns: 3 },
    )
  },
)

/**
 * Somebody who is pushed out of a cluster by an address of their own no longer speaks against what contradicted the rest,
 * so new pairs can come of that. From somebody who stays none can come.
 */
test(
  'a contradiction joins nobody: an address of its own only takes a profile away from others',
  patient,
  async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(shops, fc.nat({ max: 6 }), async (groups, place) => {
        const before = groups.map((people, group) =>
          people.map((person, n) =>
            profileOf(n === place % people.length ? { ...person, email: null } : person, group, n),
          ),
        )
        const after = before.map((people, group) =>
          people.map((profile, n) =>
            n === place % people.length ? { ...profile, email: `zoe@case${group}.test` } : profile,
          ),
        )
        const pairs = pairsOf(await clustersOf(before.flat()))
        const clusters = await clustersOf(after.flat())
        const contradicted = pairsOf(clusters)
        for (const [group, people] of after.entries()) {
          const own = `${String(group).padStart(3, '0')}/`
          const changed = `${own}${place % people.length}`
          // Its cluster holds no second address.
          const mates = people.filter(({ cio_id }) => clusters.get(cio_id) === clusters.get(changed))
          expect(addressesOf(mates).size).toBe(1)
          const inGroup = (pair: string): boolean => pair.startsWith(own)
          const fresh = missing(contradicted, pairs).filter(inGroup)
          const lost = missing(pairs, contradicted).filter((pair) => pair.split(' ').includes(changed))
          taken += lost.length
          if (lost.length === 0) expect(fresh).toEqual([])
        }
      }),
      { numRuns: 4 },
    )
    expect(taken).toBeGreaterThan(0)
  },
)
