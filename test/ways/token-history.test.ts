import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditOutcome } from '../../src/audit/index.ts'
import { ManyWays, type Way } from '../support/sources.ts'

const ways: readonly (readonly Way[])[] = [['api'], ['pipelines'], ['api', 'pipelines']]
const rules = ['devices/shared-token', 'devices/orphaned-token'] as const

/** What each rule says of each token. */
async function messagesOf(outcome: AuditOutcome): Promise<ReadonlyMap<string, string>> {
  const told = new Map<string, string>()
  for (const rule of rules) {
    for await (const findings of outcome.findings(rule))
      for (const { subject, message } of findings) told.set(`${rule} ${subject.key}`, message)
  }
  return told
}

describe('tokens whose history was planted, read in every way that shows devices', () => {
  let shop: ManyWays
  beforeAll(async () => {
    shop = await ManyWays.of({ people: 2000, seed: 11, variant: 'broken' })
  }, 120_000)
  afterAll(() => shop.remove())

  test.each(ways.map((way) => [way.join(' + '), way] as const))(
    '%s: the words say what became of them, and on which day',
    { timeout: 120_000 },
    async (_, way) => {
      const told = await shop.audit(way, messagesOf)
      const planted = (shop.facts.pipelines ?? []).filter(({ history }) => history !== undefined)
      // Where files alone are read, people have the names that files know.
      const idOf = way.includes('api') ? '[0-9a-f]+' : 'id:[0-9a-f-]+'
      const kinds = new Set<string>()
      for (const { rule, subject, records, history } of planted) {
        if (history === undefined) continue
        kinds.add(`${history.kind} ${records.length}`)
        const words = {
          duplicate: () => 'the profiles are one person twice; ',
          alternating: () => 'a shared device, on which people take turns; ',
          switch: ({ on, from }: { on: string; from: string }) =>
            `${records.length === 2 ? 'an account switch' : `${records.length - 1} account switches, the last`} on ${on},? left it on ${way.includes('api') ? from : idOf}, whose logout never arrived; `,
          former: ({ on, from }: { on: string; from: string }) =>
            `; until ${on} it was on ${way.includes('api') ? from : idOf}$`,
        }
        expect(told.get(`${rule} ${subject}`)).toMatch(new RegExp(words[history.kind](history as never)))
      }
      // Over the API nothing else was registered, so that no other token can have a day.
      if (way.join() === 'api') {
        const dated = planted.filter(({ history }) => history !== undefined && 'on' in history)
        expect([...told.values()].filter((message) => /\d{4}-\d\d-\d\d/.test(message))).toHaveLength(
          dated.length,
        )
      }
      expect([...kinds].toSorted()).toEqual([
        'alternating 2',
        'duplicate 2',
        'former 1',
        'switch 2',
        'switch 3',
      ])
    },
  )
})
