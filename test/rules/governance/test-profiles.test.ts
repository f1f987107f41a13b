import { expect, test } from 'vitest'
import rule from '../../../rules/governance/test-profiles.ts'
import type { ExampleWorkspace } from '../../../src/audit/rule.ts'
import { settings } from '../../support/workspace.ts'
import { judge, messages } from '../support.ts'

const at = '2026-11-20T10:00:00Z'
const withEmail = (email: string | null): ExampleWorkspace => ({
  profiles: [{ cio_id: 'c1', id: 'u-1', email }],
})
const subjectsOf = async (
  workspace: ExampleWorkspace,
  emails: string[] = [],
  attribute: string | null = null,
) =>
  (
    await judge(rule, workspace, { settings: { ...settings, testProfiles: { emails, attribute } } })
  ).findings.map(({ subject }) => subject.key)

const addresses: readonly (readonly [string | null, string | null])[] = [
  ['ana@example.com', 'domain'],
  [' ANA@EXAMPLE.ORG ', 'domain'],
  ['ana@example.net', 'domain'],
  ['ana@shop.test', 'domain'],
  ['ana@mail.shop.example', 'domain'],
  ['ana@shop.invalid', 'domain'],
  ['ana@shop.localhost', 'domain'],
  ['robot@mailinator.com', 'domain'],
  ['ana+test@shop.com', 'tag'],
  ['ana+TEST@shop.com', 'tag'],
  ['ana+test12@shop.com', 'tag'],
  ['ana+test-checkout@shop.com', 'tag'],
  ['ana+ios.test@shop.com', 'tag'],
  ['ana+tester@shop.com', 'tag'],
  ['ana+qa@shop.com', 'tag'],
  ['ana+news@shop.com', null],
  ['ana+testimonials@shop.com', null],
  ['ana+latest@shop.com', null],
  ['ana+aqua@shop.com', null],
  ['test@shop.com', null],
  ['ana.test@shop.com', null],
  ['ana@example.co', null],
  ['ana@notexample.com', null],
  ['ana@example.com.br', null],
  ['ana@test.shop.com', null],
  ['ana@shop.tests', null],
  ['ana@mailinator.com.shop.com', null],
  // Placeholders stand for nobody.
  ['test@example.com', null],
  ['', null],
  [null, null],
]

test('what an address looks like', async () => {
  const profiles = addresses.map(([email], n) => ({ cio_id: `c${n}`, id: `u-${n}`, email }))
  const { evidence } = await judge(rule, { profiles })
  const reasons = new Map(evidence.map(({ cio_id, subject }) => [cio_id, subject]))
  expect(addresses.map(([email], n) => [email, reasons.get(`c${n}`) ?? null])).toEqual(addresses)
})

test('patterns of the config', async () => {
  const emails = ['*@shop.com', '*@Mixed.com', 'qa-*@*', 'ana+b@mail.com', '*a.c@*']
  const matching = ['ana@shop.com', 'ana@MIXED.com', 'qa-7@mail.com', 'ana+b@mail.com', 'xa.c@mail.com']
  const others = ['ana@shopacom', 'ana@shop.com.br', 'a.qa-7@mail.com', 'anaab@mail.com', 'xabc@mail.com']
  const profiles = [...matching, ...others].map((email, n) => ({ cio_id: `c${n}`, id: `u-${n}`, email }))
  const { evidence } = await judge(
    rule,
    { profiles },
    { settings: { ...settings, testProfiles: { emails, attribute: null } } },
  )
  expect(evidence.map(({ email }) => email)).toEqual(matching)
  expect(new Set(evidence.map(({ subject }) => subject))).toEqual(new Set(['pattern']))
})

test('the team’s own pattern is named first, and each profile once', async () => {
  expect(await subjectsOf(withEmail('ana+test@example.com'), ['ana*'])).toEqual(['pattern'])
  expect(await subjectsOf(withEmail('ana+test@example.com'))).toEqual(['domain'])
})

test('the attribute marks a tester, where it is true', async () => {
  const values = ['true', ' True ', '1', 'yes', 'false', '0', '', 'no']
  const workspace = {
    profiles: values.map((value, n) => ({
      cio_id: `c${n}`,
      id: `u-${n}`,
      email: `ana${n}@example.com`,
      attributes: { is_test: value, 'is "qa"': 'true' },
    })),
  }
  const unmarked = async (attribute: string | null) =>
    (
      await judge(rule, workspace, { settings: { ...settings, testProfiles: { emails: [], attribute } } })
    ).evidence.map(({ cio_id }) => values[Number(String(cio_id).slice(1))])
  expect(await unmarked('is_test')).toEqual(['false', '0', '', 'no'])
  expect(await unmarked('is "qa"')).toEqual([])
  expect(await unmarked('other')).toEqual(values)
  expect(await unmarked(null)).toEqual(values)
})

test('what testers add is counted, by currency, with refunds taken off', async () => {
  const buy = (cio_id: string, revenue: number, currency: string | undefined) => ({
    cio_id,
    name: 'purchase',
    at,
    data: { order_id: `${cio_id}-${revenue}`, revenue, ...(currency === undefined ? {} : { currency }) },
  })
  const judged = await judge(rule, {
    profiles: [
      { cio_id: 'c1', id: 'u-1', email: 'ana@example.com' },
      { cio_id: 'c2', id: 'u-2', email: 'bo@example.com' },
      { cio_id: 'c3', id: 'u-3', email: 'cy@shop.com' },
    ],
    events: [
      buy('c1', 100.25, 'EUR'),
      buy('c1', -20, 'eur'),
      buy('c1', 9, 'USD'),
      buy('c3', 5000, 'EUR'),
      { cio_id: 'c1', name: 'cart_updated', at, data: { cart_value: 77, currency: 'EUR' } },
      { cio_id: 'c2', name: 'app_opened', at },
    ],
  })
  expect(messages(judged)).toEqual([
    '2 profiles with a reserved or throw-away domain are not marked as testers, with 5 events and 3 purchases',
  ])
  expect(judged.findings.map(({ subject }) => subject)).toEqual([
    { key: 'domain', label: 'a reserved or throw-away domain' },
  ])
  expect(judged.population).toBe(3)
  expect(judged.evidence).toEqual([
    {
      subject: 'domain',
      cio_id: 'c1',
      id: 'u-1',
      email: 'ana@example.com',
      events: 4,
      purchases: 3,
      revenue: '80.25 EUR, 9.0 USD',
    },
    {
      subject: 'domain',
      cio_id: 'c2',
      id: 'u-2',
      email: 'bo@example.com',
      events: 1,
      purchases: 0,
      revenue: null,
    },
  ])
})

test('a purchase without an amount is a purchase all the same', async () => {
  const { evidence } = await judge(rule, {
    ...withEmail('ana@example.com'),
    events: [{ cio_id: 'c1', name: 'purchase', at, data: { order_id: 'o' } }],
  })
  expect(evidence).toMatchObject([{ purchases: 1, revenue: null }])
})

test('an amount without a currency is told without one, after those that have one', async () => {
  const bought = [{ revenue: 9, currency: 'USD' }, { revenue: 2.5 }, { revenue: 4 }]
  const { evidence } = await judge(rule, {
    ...withEmail('ana@example.com'),
    events: bought.map((data) => ({ cio_id: 'c1', name: 'purchase', at, data })),
  })
  expect(evidence).toMatchObject([{ purchases: 3, revenue: '9.0 USD, 6.5' }])
})
