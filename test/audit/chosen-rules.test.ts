import { afterAll, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { findingsOf, ManyWays } from '../support/sources.ts'

const ways = await ManyWays.of({ people: 300, seed: 2, variant: 'broken' }, ['pipelines', 'warehouse'])
afterAll(() => ways.remove())

const snapshot = await ways.snapshot(['api', 'pipelines', 'warehouse'])

const categories = [...new Set(rules.map(({ meta }) => meta.id.slice(0, meta.id.indexOf('/'))))]

async function judged(only: readonly string[]) {
  return await ways.auditSnapshot(snapshot, only, async (outcome) => {
    const chosen = outcome.report.rules.filter(({ reason }) => !reason.includes('not selected by'))
    const found = new Map<string, string[]>()
    for (const { rule } of chosen) found.set(rule, await findingsOf(outcome, rule))
    return { results: chosen, found, report: outcome.report }
  })
}

test(
  'rules say the same when others are left out, although less of the model is made',
  { timeout: 240_000 },
  async () => {
    const whole = await judged([])
    expect(whole.results).toHaveLength(rules.length)
    for (const category of categories) {
      const part = await judged([`${category}/*`])
      const own = whole.results.filter((result) => result.category === category)
      expect(part.results).toEqual(own)
      for (const { rule } of own) expect(part.found.get(rule)).toEqual(whole.found.get(rule))
      // What every report tells does not hang on the rules.
      const { ledger, journeys } = whole.report
      expect(part.report).toMatchObject({ ledger, journeys: journeys.map(({ id, name }) => ({ id, name })) })
    }
  },
)
