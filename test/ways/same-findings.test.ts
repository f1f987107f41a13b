import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { checklistItems } from '../../src/core/checklist.ts'
import type { SourceKind } from '../../src/core/report.ts'
import { findingsOf, ManyWays, type Way } from '../support/sources.ts'

const kindOf: Readonly<Record<Way, SourceKind>> = {
  api: 'app-api',
  pipelines: 'pipelines',
  warehouse: 'warehouse-sync',
  export: 'people-export',
}
const seesWhole = (ways: readonly Way[]): string[] =>
  rules
    // What a run is not handed here (`--orders`, an earlier run) nobody can be compared with.
    .filter(({ meta }) => meta.input === undefined)
    // Which journeys there are only the API knows.
    .filter(({ meta }) => ways.includes('api') || !meta.needs.includes('campaigns'))
    .filter(({ meta }) => ways.some((way) => meta.sources[kindOf[way]] === 'full'))
    .map(({ meta }) => meta.id)

/** Without events nobody is known to be an app user or a customer, so attributes asked of those alone are not judged. */
const ofEvents = ['push_opt_in', 'last_purchase_at']

const combinations: readonly (readonly Way[])[] = [
  ['pipelines'],
  ['warehouse'],
  ['export'],
  ['warehouse', 'export'],
  ['pipelines', 'warehouse'],
  ['pipelines', 'export'],
  ['api', 'pipelines'],
  ['api', 'pipelines', 'warehouse', 'export'],
]

describe('one broken shop, read in every way', () => {
  let shop: ManyWays
  const expectedOf = new Map<string, string[]>()
  beforeAll(async () => {
    shop = await ManyWays.of({ people: 2000, seed: 7, variant: 'broken' })
    await shop.audit(['api'], async (outcome) => {
      for (const { meta } of rules) expectedOf.set(meta.id, await findingsOf(outcome, meta.id))
    })
    // What the API cannot show must be the same wherever the files that show it are among the sources. Times that come late
    // are of that kind, beside those that it does show.
    for (const way of ['warehouse', 'pipelines'] as const) {
      await shop.audit([way], async (outcome) => {
        for (const { meta } of rules) {
          const isOfFiles = meta.sources['app-api'] === 'none' || meta.id === 'events/bad-timestamp'
          if (isOfFiles && meta.sources[kindOf[way]] === 'full')
            expectedOf.set(meta.id, await findingsOf(outcome, meta.id))
        }
      })
    }
  }, 120_000)
  afterAll(() => shop.remove())

  test('something is found under every rule, so that equal is not empty', () => {
    const compared = rules.filter(({ meta }) => meta.input === undefined).map(({ meta }) => meta.id)
    expect(compared.filter((id) => expectedOf.get(id)?.length === 0)).toEqual([])
  })

  test.each(combinations.map((ways) => [ways.join(' + '), ways] as const))(
    '%s: what can be judged fully has the same findings as over the API',
    { timeout: 120_000 },
    async (_, ways) => {
      await shop.audit(ways, async (outcome) => {
        for (const id of seesWhole(ways)) {
          const found = await findingsOf(outcome, id)
          const expected = expectedOf.get(id) ?? []
          const hasEvents = ways.includes('pipelines') || ways.includes('api')
          const comparable =
            id === 'attributes/missing' && !hasEvents
              ? expected.filter((finding) => !ofEvents.some((name) => finding.startsWith(`${name} `)))
              : id === 'events/missing-key' && ways.includes('pipelines')
                ? [] // Files show the message id, which is a key.
                : expected
          expect({ id, found }).toEqual({ id, found: comparable })
        }
      })
    },
  )

  test('an event that came both ways counts once, and the report says so', { timeout: 120_000 }, async () => {
    await shop.audit(['api', 'pipelines'], async ({ report }) => {
      const notice = report.notices.find((text) => text.startsWith('Events came over the API and in files'))
      expect(notice).toMatch(
        /: [1-9]\d{3,} both ways \(they count once\), 0 only over the API, [1-9]\d* only in files\.$/,
      )
    })
  })
})

const attestation = {
  reason: 'of the test',
  owner: 'crm@shop.example',
  on: '2026-11-01',
  expires: '2027-02-01',
}
const attest = Object.fromEntries(checklistItems.map((item) => [item, attestation]))

describe('a healthy shop, read in every way', () => {
  let shop: ManyWays
  beforeAll(async () => {
    shop = await ManyWays.of({ people: 2000, seed: 8, variant: 'healthy' })
  }, 120_000)
  afterAll(() => shop.remove())

  /**
   * People from one side, devices and events from the other: together they prove all that is not the App API's alone.
   * What files show in part stays open without the API, which shows everybody.
   */
  const judged = (ways: readonly Way[]): string[] => [
    ...seesWhole(ways),
    ...rules
      .filter(({ meta }) => ways.includes('api') && meta.sources['app-api'] === 'partial')
      .map(({ meta }) => meta.id),
  ]
  const seenInPart = (ways: readonly Way[]): string[] =>
    rules
      .filter(({ meta }) => !judged(ways).includes(meta.id))
      .filter(({ meta }) => ways.some((way) => meta.sources[kindOf[way]] === 'partial'))
      .map(({ meta }) => meta.id)
  const proving = [
    ['pipelines', 'warehouse'],
    ['pipelines', 'export'],
    ['api', 'pipelines'],
    ['api', 'warehouse'],
    ['api', 'export'],
    ['api', 'pipelines', 'warehouse', 'export'],
  ] as const
  test.each(proving.map((ways) => [ways.join(' + '), ways] as const))(
    '%s: GO for all that can be judged',
    { timeout: 120_000 },
    async (_, ways) => {
      await shop.audit(
        ways,
        async ({ report }) => {
          const open = seenInPart(ways)
          expect(report.verdict).toMatchObject({
            decision: open.length === 0 ? 'go' : 'inconclusive',
            blocking: [],
            inconclusive: open,
          })
          // The plan knows every attribute, so there is none whose kinds could be mixed.
          const idle = report.rules.filter(
            ({ rule, status }) => judged(ways).includes(rule) && status !== 'pass',
          )
          expect(idle.map(({ rule }) => rule)).toEqual(['attributes/mixed-type'])
          expect(report.ledger.all.reduce((sum, { profiles }) => sum + profiles, 0)).toBe(
            report.totals.profiles,
          )
        },
        { attest },
      )
    },
  )

  test.each([['pipelines'], ['warehouse'], ['export'], ['warehouse', 'export']] as const)(
    'only %s: never NO-GO, and no GO for what was not seen',
    { timeout: 120_000 },
    async (...ways) => {
      await shop.audit(
        ways,
        async ({ report }) => {
          expect(report.verdict).toMatchObject({ decision: 'inconclusive', blocking: [] })
        },
        { attest },
      )
    },
  )
})
