import { expect, test } from 'vitest'
import rule from '../../../rules/attributes/brittle.ts'
import { judge } from '../support.ts'

const named = (name: string) => judge(rule, { profiles: [{ cio_id: 'a1', attributes: { [name]: 'x' } }] })

test.each([
  'ios_5_2_flag',
  'iOS 5.2 flag',
  'android-12-1',
  'seenInApp5.2.1',
  'v5_2_banner',
  'banner_v5.2',
  'release_v10_0',
  'sdk2.3',
  'experiment_checkout',
  'checkoutExperiment',
  'ab_test_colour',
  'colour-ABTest',
  'a_b_test',
  'split_test_7',
  'exp_12',
  'exp12',
])('%s is brittle', async (name) => {
  const { findings, evidence, population } = await named(name)
  expect(findings).toEqual([
    {
      subject: { key: name, label: name },
      message: `${name} is named after a release or an experiment (on 1 profile)`,
      affected: 1,
      unit: 'attributes',
      attributes: [name],
    },
  ])
  expect(evidence).toEqual([{ subject: name, attribute: name, profiles: 1 }])
  expect(population).toBe(1)
})

test.each([
  'app_version',
  'ios',
  'android_12',
  'address_2',
  'line_1_2',
  'expires_2026',
  'expiry_12',
  'experience',
  'prev5_2',
  'contest_7',
  'website_2_0x',
  '_ios_5_2_flag',
])('%s is stable', async (name) => {
  const { findings, evidence } = await named(name)
  expect([findings, evidence]).toEqual([[], []])
})

test('names of Customer.io are not counted: nobody here can change them', async () => {
  const attributes = { tier: 'gold', _score: '5', created_at: '1700000000', anonymous_id: 'a-1' }
  expect(await judge(rule, { profiles: [{ cio_id: 'a1', attributes }] })).toMatchObject({
    findings: [],
    population: 1,
  })
})
