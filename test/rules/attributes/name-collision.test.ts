import { expect, test } from 'vitest'
import rule from '../../../rules/attributes/name-collision.ts'
import { planOf } from '../../support/workspace.ts'
import { judge } from '../support.ts'

/** Names, each with the profiles that have it. */
function holders(names: Readonly<Record<string, number>>, value = 'x') {
  return Object.entries(names).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, n) => ({
      cio_id: `${name}-${n}`,
      email: `${n}@shop.test`,
      attributes: { [name]: value },
    })),
  )
}

test('the rarer spellings are told with their people', async () => {
  const { findings, evidence, population } = await judge(rule, {
    profiles: [
      ...holders({ first_name: 6, firstName: 4, 'First Name': 3, city: 2 }),
      { cio_id: 'both', attributes: { firstName: 'x', 'First Name': 'x' } },
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'firstname', label: 'first_name, firstName, First Name' },
      message: 'first_name (6 people) is also written firstName (5), First Name (4)',
      affected: 8,
      unit: 'profiles',
      attributes: ['first_name', 'firstName', 'First Name'],
    },
  ])
  expect(evidence).toHaveLength(8)
  expect(new Set(evidence.map(({ attribute }) => attribute))).toEqual(
    new Set(['firstName', 'First Name', 'First Name, firstName']),
  )
  expect(evidence.find(({ cio_id }) => cio_id === 'both')).toMatchObject({ subject: 'firstname', id: null })
  expect(population).toBe(16)
})

test.each(['Loyalty_Tier', 'loyaltyTier', 'loyalty-tier', 'LOYALTY TIER', 'loyalty.tier', 'loyaltytier'])(
  '%s is a spelling of loyalty_tier',
  async (name) => {
    const { findings } = await judge(rule, { profiles: holders({ loyalty_tier: 4, [name]: 3 }) })
    expect(findings.map(({ subject, affected }) => [subject.key, affected])).toEqual([['loyaltytier', 3]])
  },
)

test.each([
  ['two people only', { loyalty_tier: 4, loyaltyTier: 2 }, 'x'],
  ['no value in either', { loyalty_tier: 4, loyaltyTier: 4 }, ' '],
  ['another word', { loyalty_tier: 4, loyalty_tiers: 4 }, 'x'],
  ['built-in attributes', { created_at: 4, createdAt: 4 }, '1700000000'],
  ['names of Customer.io', { _score: 4, score: 4 }, 'x'],
])('%s: fine', async (_, names, value) => {
  const { findings, evidence } = await judge(rule, { profiles: holders(names, value) })
  expect([findings, evidence]).toEqual([[], []])
})

test('each name is counted with its own people, and without those of a spelling that is not told', async () => {
  const { findings, evidence } = await judge(rule, {
    profiles: holders({ first_name: 6, firstName: 4, 'first-name': 2, tier: 5, Tier: 3 }),
  })
  expect(findings.map(({ message, affected }) => [message, affected])).toEqual([
    ['first_name (6 people) is also written firstName (4)', 4],
    ['tier (5 people) is also written Tier (3)', 3],
  ])
  expect(evidence.map(({ attribute }) => attribute)).toEqual([
    ...Array.from({ length: 4 }, () => 'firstName'),
    ...Array.from({ length: 3 }, () => 'Tier'),
  ])
})

test('of two spellings with as many people the first by name is the common one', async () => {
  const { findings } = await judge(rule, { profiles: holders({ tierName: 3, tier_name: 3 }) })
  expect(findings.map(({ message }) => message)).toEqual([
    'tierName (3 people) is also written tier_name (3)',
  ])
})

test('the spelling of the plan is the common one, however rare it is', async () => {
  const type = { type: 'string', required: false, recommended: false, appliesTo: 'all' } as const
  const plan = { ...planOf({ plan: {} }), attributes: { tier_name: type } }
  const { findings } = await judge(rule, { profiles: holders({ tierName: 5, tier_name: 3 }) }, { plan })
  expect(findings.map(({ message }) => message)).toEqual([
    'tier_name (3 people) is also written tierName (5)',
  ])
})
