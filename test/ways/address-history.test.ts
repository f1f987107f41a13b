import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditOutcome } from '../../src/audit/index.ts'
import { findingsOf, ManyWays, type Way } from '../support/sources.ts'

const ways: readonly (readonly Way[])[] = [['api'], ['pipelines'], ['warehouse'], ['api', 'pipelines']]

const byName = (rows: readonly unknown[][]): unknown[] =>
  rows.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1))

/** Who is called by a placeholder and has neither shopped nor several phones: what they gather, they gather by addresses. */
async function quietHolders(outcome: AuditOutcome, names: readonly string[]): Promise<unknown[]> {
  const quiet: unknown[][] = []
  for await (const rows of outcome.evidence('identity/placeholder-id').rows) {
    for (const { id, email, phone, intent_events, devices, gathers, addresses } of rows) {
      const name = String(id ?? (email || phone))
      if (intent_events !== 0 || Number(devices) > 1) continue
      if (gathers === true || names.includes(name)) quiet.push([name, gathers, addresses])
    }
  }
  return byName(quiet)
}

const byId = [
  ['Anonymous', true, 3],
  ['NaN', false, 2],
  [' nil', false, 2],
  ['Null', false, 1],
  ['UNKNOWN', true, 3],
]
const withoutId = [
  ['1234567890', true, 3],
  ['A@a.com', true, 3],
  ['no@email.com', false, 2],
]

describe('addresses that were changed to a placeholder and back, read in every way that keeps their history', () => {
  let shop: ManyWays
  beforeAll(async () => {
    shop = await ManyWays.of({ people: 2000, seed: 13, variant: 'broken' })
  }, 120_000)
  afterAll(() => shop.remove())

  test.each(ways.map((way) => [way.join(' + '), way] as const))(
    '%s: who gathers strangers by their addresses alone',
    { timeout: 120_000 },
    async (_, way) => {
      // In Pipelines files another address without an id is another person.
      const expected = way.join() === 'pipelines' ? byId : [...withoutId, ...byId]
      const names = expected.map(([name]) => String(name))
      expect(await shop.audit(way, (outcome) => quietHolders(outcome, names))).toEqual(byName(expected))
    },
  )

  test('files see the same profiles that several people use', { timeout: 120_000 }, async () => {
    const named = (way: readonly Way[]): Promise<string[]> =>
      shop.audit(way, (outcome) => findingsOf(outcome, 'identity/over-merged'))
    const fingerprints = (found: readonly string[]): string[] =>
      found.map((finding) => finding.split(' ').at(-1) ?? '').toSorted()
    const [api, pipelines] = [await named(['api']), await named(['pipelines'])]
    expect(fingerprints(pipelines)).toEqual(fingerprints(api))
    expect(api.length).toBeGreaterThan(6)
  })
})
