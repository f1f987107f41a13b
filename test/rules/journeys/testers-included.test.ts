import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/testers-included.ts'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import { settings } from '../../support/workspace.ts'
import { judge } from '../support.ts'

const profiles = [
  { cio_id: 'a1', id: 'u-1', email: 'ana@shop.com' },
  { cio_id: 't1', id: 'u-2', email: 'checkout@example.com' },
  { cio_id: 't2', id: 'u-3', email: 'ben+test@shop.com' },
]
const delivery = (id: string, cio_id: string, other: object = {}) => ({
  id,
  cio_id,
  type: 'push',
  journey: 5,
  action: 50,
  at: '2026-11-20T10:00:00Z',
  ...other,
})
const customer = delivery('d0', 'a1')
const named = async (workspace: ExampleWorkspace): Promise<string[]> =>
  (await judge(rule, { profiles, ...workspace })).findings.map(({ subject }) => subject.key)

test.each([
  ['Ana@EXAMPLE.com ', 'domain'],
  ['ana@shop.test', 'domain'],
  ['robot@mailinator.com', 'domain'],
  ['ana+qa@shop.com', 'tag'],
  ['ana+checkout-test@shop.com', 'tag'],
  ['ana@agency.com', 'pattern'],
])('%s is a tester', async (email, reason) => {
  const own = { ...settings, testProfiles: { emails: ['*@agency.com'], attribute: null } }
  const workspace = {
    profiles: [...profiles, { cio_id: 'x1', id: 'u-9', email }],
    deliveries: [customer, delivery('d1', 'x1')],
  }
  const { evidence } = await judge(rule, workspace, { settings: own })
  expect(evidence.map((row) => [row['cio_id'], row['reason']])).toEqual([['x1', reason]])
})

test.each(['ana+testimonials@shop.com', 'test@contest.org', 'test@example.com', '', null])(
  '%s is none',
  async (email) => {
    const all = [...profiles, { cio_id: 'x1', id: 'u-9', email }]
    expect(await named({ profiles: all, deliveries: [customer, delivery('d1', 'x1')] })).toEqual([])
  },
)

test.each([
  ['by e-mail', { type: 'Email' }],
  ['and it bounced', { metrics: ['bounced'] }],
  ['and nothing says what became of it', { metrics: [] }],
])('sent %s', async (_, other) => {
  expect(await named({ deliveries: [customer, delivery('d1', 't1', other)] })).toEqual(['5'])
})

test.each([
  ['dropped', { metrics: ['dropped'] }],
  ['only drafted', { metrics: ['drafted'] }],
  ['a newsletter', { journey: null }],
  ['before the window', { at: '2026-09-20T10:00:00Z' }],
  ['by webhook', { type: 'webhook' }],
])('not sent: %s', async (_, other) => {
  expect(await named({ deliveries: [customer, delivery('d1', 't1', other)] })).toEqual([])
})

test('a finding for each journey, and how it is told', async () => {
  const workspace = {
    profiles: profiles.map((profile) =>
      profile.cio_id === 't2' ? { ...profile, attributes: { is_test: 'true' } } : profile,
    ),
    journeys: [{ id: 5, name: 'Cart' }],
    deliveries: [
      customer,
      delivery('d1', 't1'),
      delivery('d2', 't1', { action: 51, at: '2026-11-21T10:00:00Z' }),
      delivery('d3', 't2', { at: '2026-11-19T10:00:00Z' }),
      delivery('d4', 't1', { journey: 6 }),
      delivery('d5', 'a1', { journey: 6 }),
    ],
  }
  const own = { ...settings, testProfiles: { emails: [], attribute: 'is_test' } }
  const { findings, evidence, population } = await judge(rule, workspace, { settings: own })
  expect(findings).toEqual([
    {
      subject: { key: '5', label: 'Cart' },
      message: 'Cart sent to 2 test profiles, 1 of them marked as such',
      affected: 2,
      unit: 'profiles',
      firstSeen: '2026-11-19T10:00:00Z',
      lastSeen: '2026-11-21T10:00:00Z',
    },
    {
      subject: { key: '6', label: 'journey 6' },
      message: 'journey 6 sent to 1 test profile',
      affected: 1,
      unit: 'profiles',
      firstSeen: '2026-11-20T10:00:00Z',
      lastSeen: '2026-11-20T10:00:00Z',
    },
  ])
  expect(evidence).toHaveLength(3)
  expect(evidence.find((row) => row['cio_id'] === 't2')).toEqual({
    subject: '5',
    journey: 'Cart',
    cio_id: 't2',
    id: 'u-3',
    email: 'ben+test@shop.com',
    reason: 'tag',
    marked: true,
    sends: 1,
    first_at: '2026-11-19T10:00:00Z',
    last_at: '2026-11-19T10:00:00Z',
  })
  expect(evidence.find((row) => row['cio_id'] === 't1' && row['subject'] === '5')).toMatchObject({
    marked: false,
    sends: 2,
  })
  expect(population).toBe(5)
})

test('a mark is enough where the address says nothing', async () => {
  const values = ['true', 'Yes', '1', 'false', '', 'no']
  const workspace = {
    profiles: [
      ...profiles,
      ...values.map((value, n) => ({
        cio_id: `x${n}`,
        id: `v-${n}`,
        email: n === 0 ? null : `x${n}@shop.com`,
        attributes: { is_test: value },
      })),
    ],
    deliveries: [customer, ...values.map((_, n) => delivery(`d${n + 1}`, `x${n}`))],
  }
  const evidenceWith = async (attribute: string | null) =>
    (
      await judge(rule, workspace, { settings: { ...settings, testProfiles: { emails: [], attribute } } })
    ).evidence.map((row) => [row['cio_id'], row['reason'], row['marked']])
  expect(await evidenceWith('is_test')).toEqual([
    ['x0', 'mark', true],
    ['x1', 'mark', true],
    ['x2', 'mark', true],
  ])
  expect(await evidenceWith(null)).toEqual([])
})

test.each([
  ['QA smoke run', true],
  ['Cart (internal)', true],
  ['[staging] Cart', true],
  ['For testers', true],
  ['Test: cart push', true],
  ['tests of the cart', true],
  ['Cart, A/B test', false],
  ['Testimonials', false],
  ['Aqua days', false],
  ['International', false],
  ['Latest offers', false],
])('%s is on purpose: %s', async (name, isMeant) => {
  const workspace = { journeys: [{ id: 5, name }], deliveries: [customer, delivery('d1', 't1')] }
  expect(await named(workspace)).toEqual(isMeant ? [] : ['5'])
})

test.each([
  ['draft', []],
  ['stopped', ['5']],
  ['running', ['5']],
] as const)('a journey that is %s', async (state, found) => {
  const journeys = [{ id: 5, name: 'Cart', state }]
  expect(await named({ journeys, deliveries: [customer, delivery('d1', 't1')] })).toEqual(found)
})

test('a journey that went to testers alone, beside one that did not', async () => {
  const own = [delivery('d1', 't1'), delivery('d2', 't2')]
  expect(await named({ deliveries: own })).toEqual([])
  expect(await named({ deliveries: [...own, customer] })).toEqual(['5'])
  // Somebody of whom nothing is known is no tester.
  expect(await named({ deliveries: [...own, delivery('d3', 'zz')] })).toEqual(['5'])
  expect(await named({ deliveries: [...own, delivery('d3', 'a1', { journey: 6 })] })).toEqual([])
})
