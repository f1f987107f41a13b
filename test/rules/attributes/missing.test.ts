import { expect, test } from 'vitest'
import rule from '../../../rules/attributes/missing.ts'
import type { Plan } from '../../../src/core/plan.ts'
import { planOf } from '../../support/workspace.ts'
import { judge, nothing } from '../support.ts'

const value = { type: 'string', required: false, recommended: false, appliesTo: 'all' } as const
const plan: Plan = {
  ...planOf({ plan: {} }),
  attributes: {
    tier: { ...value, required: true, appliesTo: 'known' },
    wish: { ...value, recommended: true, appliesTo: 'known' },
    land: { ...value, type: 'country' },
  },
}

test('each attribute is told with its audience, and only what is required fails', async () => {
  const profiles = [
    { cio_id: 'a1', id: 'u-1', attributes: { wish: 'x', land: 'nowhere' } },
    { cio_id: 'a2', email: 'ana@shop.test', attributes: { tier: 'gold', land: 'DE' } },
    { cio_id: 'a3', attributes: { tier: 'gold' } },
  ]
  const { findings, evidence, population } = await judge(rule, { profiles }, { plan })
  expect(findings).toMatchObject([
    {
      message: 'tier is absent or empty on 1 of 2 known profiles',
      subject: { key: 'tier', label: 'tier' },
      affected: 1,
      population: 2,
      attributes: ['tier'],
    },
    { message: 'wish is absent or empty on 1 of 2 known profiles', affected: 1, informative: 'info' },
  ])
  expect(findings[0]).not.toHaveProperty('informative')
  expect(evidence).toEqual([
    { subject: 'tier', attribute: 'tier', cio_id: 'a1', id: 'u-1', email: null },
    { subject: 'wish', attribute: 'wish', cio_id: 'a2', id: null, email: 'ana@shop.test' },
  ])
  // Nobody asks for `land`, so its three profiles are not the population.
  expect(population).toBe(2)
})

test('a plan without attributes asks for nothing', async () => {
  const workspace = { plan: {}, profiles: [{ cio_id: 'a1', id: 'u-1' }] }
  expect(await judge(rule, workspace)).toEqual(nothing)
})

test('only what is required makes a population: a plan that recommends proves nothing', async () => {
  const profiles = [{ cio_id: 'a1', id: 'u-1', attributes: { tier: 'x', wish: 'x' } }]
  for (const [name, population] of [
    ['tier', 1],
    ['wish', 0],
  ] as const) {
    const only = { ...plan, attributes: { [name]: plan.attributes[name]! } }
    expect(await judge(rule, { profiles }, { plan: only })).toMatchObject({ findings: [], population })
  }
})

test('only what is required is a part: a sample need not be large enough for the rest', async () => {
  const profiles = [{ cio_id: 'a1', id: 'u-1' }, { cio_id: 'a2' }]
  expect((await judge(rule, { profiles }, { plan })).parts).toEqual([
    { label: 'tier', population: 1, event: null },
  ])
})

test('who is an app user or a customer is not known without events, where that is asked', async () => {
  const asked: Plan = {
    ...plan,
    attributes: {
      tier: { ...value, required: true, appliesTo: 'known' },
      device: { ...value, required: true, appliesTo: 'app-users' },
      store: { ...value, required: true, appliesTo: 'app-users' },
      size: { ...value, required: true, appliesTo: 'customers' },
      wish: { ...value, recommended: true, appliesTo: 'customers' },
    },
  }
  const workspace = { profiles: [{ cio_id: 'a1', id: 'u-1' }] }
  const unmet = [
    ['planned-events', 'no source shows events'],
    ['messages', 'no source shows messages'],
  ] as const
  expect((await judge(rule, workspace, { plan: asked, unmet })).doubts).toEqual([
    'who of the people is a customer, and so needs size, is not known: no source shows events',
    'who of the people is an app user, and so needs device, store, is not known: no source shows events',
  ])
  expect((await judge(rule, workspace, { plan: asked })).doubts).toEqual([])
})
