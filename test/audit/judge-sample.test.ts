import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { policyOf, type Tally } from '../../src/audit/judge.ts'
import { judgeSample, type Part } from '../../src/audit/judge-sample.ts'
import type { Rule } from '../../src/audit/rule.ts'
import { SampleView } from '../../src/audit/sampling.ts'
import type { Settings } from '../../src/core/settings.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { settings } from '../support/workspace.ts'

/** 1,000 of 10,000 people; each has sent every event once, and has one device. */
async function judged(
  id: string,
  tally: Partial<Tally>,
  parts: readonly Part[] | null = null,
  own: Settings = settings,
) {
  const { meta } = rules.find((rule) => rule.meta.id === id) as Rule
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  await db.run(
    raw("create table event as select 'event' as type, 'cart' as name, i as person from range(1000) r(i)"),
  )
  await db.run(raw('create table device as select i as cio_id from range(1000) r(i)'))
  const view = new SampleView({ people: 1000, of: 10_000, seed: 1 }, db)
  const all = { population: 1000, affected: 0, measured: [], ...tally }
  const result = await judgeSample(meta, policyOf(meta, own), all, parts, view)
  db.close()
  return result
}

test('a share fails, passes or stays open by where the limit lies', async () => {
  // devices/malformed-token allows 0.1 %, identity/anonymous-profile 1 %.
  expect(await judged('identity/anonymous-profile', { affected: 40 })).toEqual({
    status: 'fail',
    reason: '4.0 % of profiles in the sample (of all 3.0 % to 5.3 %), allowed 1.0 %',
    rate: 0.04,
    interval: [expect.closeTo(0.0301, 3), expect.closeTo(0.053, 3)],
  })
  expect(await judged('identity/anonymous-profile', { affected: 12 })).toMatchObject({
    status: 'inconclusive',
    rate: 0.012,
    reason:
      '1.2 % of profiles in the sample (of all 0.7 % to 2.0 %), allowed 1.0 %: a larger sample is needed',
  })
  expect(await judged('identity/anonymous-profile', { affected: 3 })).toMatchObject({
    status: 'pass',
    rate: 0.003,
  })
})

test('a limit that so few people cannot undercut stays open although nothing was found', async () => {
  expect(await judged('devices/malformed-token', {})).toMatchObject({
    status: 'inconclusive',
    rate: 0,
    reason: '0 % of devices in the sample (of all 0 % to 0.3 %), allowed 0.1 %: a larger sample is needed',
  })
})

test('fewer affected than a rule asks for fail nothing, even far over the limit', async () => {
  const strict = { ...settings, defaults: { minPopulation: 30, minAffected: 50 } }
  expect(await judged('identity/anonymous-profile', { affected: 40 }, null, strict)).toMatchObject({
    status: 'inconclusive',
  })
})

test('an event of which too few are in the sample keeps the rule open', async () => {
  const part = (label: string, population: number): Part => ({ label, population, event: label })
  const finding = { label: 'cart.items', affected: 2, population: 1000, severity: 'error' as const }
  const tally = { affected: 2, measured: [finding] }
  expect(await judged('events/missing-property', tally, [part('cart', 1000)])).toMatchObject({
    status: 'pass',
    rate: 0.002,
    reason: '0.2 % of cart.items in the sample (of all 0.06 % to 0.7 %)',
  })
  expect(
    await judged('events/missing-property', tally, [part('cart', 1000), part('purchase', 40)]),
  ).toMatchObject({
    status: 'inconclusive',
    reason: expect.stringContaining('0 % of purchase in the sample'),
  })
  // Two in the sample are twenty among all: nobody would judge a rate of those.
  expect(
    await judged('events/missing-property', tally, [part('cart', 1000), part('purchase', 2)]),
  ).toMatchObject({
    status: 'pass',
  })
})

test('what is found where others matter too fails, and what is not found proves nothing', async () => {
  expect(await judged('identity/duplicate-email', { affected: 20 })).toMatchObject({
    status: 'fail',
    rate: 0.02,
  })
  expect(await judged('identity/duplicate-email', { affected: 6 })).toEqual({
    status: 'inconclusive',
    rate: null,
    reason: '6 profiles with e-mail were found in the sample, and who is not in it matters too',
  })
  expect(await judged('identity/duplicate-email', {})).toMatchObject({
    status: 'inconclusive',
    reason: 'nothing was found in the sample, and who is not in it matters too',
  })
  expect(await judged('identity/placeholder-id', { affected: 1 })).toMatchObject({
    status: 'fail',
    rate: null,
  })
  expect(await judged('identity/placeholder-id', {})).toMatchObject({ status: 'inconclusive' })
})

test('what is seen is there; what is not seen may be with the others', async () => {
  expect(await judged('events/missing-critical', { population: 4 })).toMatchObject({ status: 'pass' })
  expect(await judged('events/missing-critical', { population: 4, affected: 1 })).toMatchObject({
    status: 'inconclusive',
    reason: '1 critical events, allowed 0: who is not in the sample may differ',
  })
})

test('a rule that asks nothing of people is judged as ever, one that a sample misleads is not judged', async () => {
  expect(await judged('journeys/empty-segment', { population: 5, affected: 1 })).toMatchObject({
    status: 'fail',
  })
  expect(await judged('journeys/empty-segment', { population: 5 })).toMatchObject({ status: 'pass' })
  expect(await judged('journeys/dead-trigger', { population: 5, affected: 1 })).toMatchObject({
    status: 'inconclusive',
    reason: 'a sample of the people does not show it',
  })
})

test('nothing to look at is open, unless nothing is asked of anybody', async () => {
  expect(await judged('identity/anonymous-profile', { population: 0 })).toMatchObject({
    status: 'inconclusive',
  })
  expect(await judged('attributes/missing', { population: 0 }, [])).toMatchObject({ status: 'skipped' })
  expect(
    await judged('attributes/missing', { population: 0 }, [{ label: 'country', population: 0, event: null }]),
  ).toMatchObject({
    status: 'inconclusive',
  })
})

test('a limit of one case that the config sets cannot be proved by a sample', async () => {
  const own = { ...settings, rules: { 'identity/anonymous-profile': { maxCount: 0 } } } as unknown as Settings
  expect(await judged('identity/anonymous-profile', {}, null, own)).toMatchObject({ status: 'inconclusive' })
  expect(await judged('identity/anonymous-profile', { affected: 1 }, null, own)).toMatchObject({
    status: 'fail',
  })
})

test('each rule says what a sample shows of it, and a share measured by finding names its parts', () => {
  for (const rule of rules) {
    const { id, sample, measuredBy, threshold } = rule.meta
    const isShare = sample?.startsWith('per-') && measuredBy === 'finding' && threshold.maxRate !== undefined
    expect({ id, says: sample !== undefined, parts: rule.parts !== undefined }).toEqual({
      id,
      says: true,
      parts: isShare === true,
    })
  }
})
