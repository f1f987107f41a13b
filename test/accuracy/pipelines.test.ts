import { describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import type { Variant } from '../../src/simulator/index.ts'
import { scores } from '../support/score.ts'
import { ManyWays } from '../support/sources.ts'
import { namedSuspects, plantedSuspects } from '../support/suspects.ts'

/** What only Pipelines files show: the others are held to the same facts over the API (`accuracy.test.ts`). */
const onlyThere = rules
  .filter(({ meta }) => meta.sources['app-api'] === 'none' && meta.sources.pipelines === 'full')
  .map(({ meta }) => meta.id)

const drawn = Number(process.env['ACCURACY_SEED'] ?? Math.floor(Math.random() * 1e9))
console.log(`pipelines: the drawn seed is ${drawn} (ACCURACY_SEED=${drawn} repeats it)`)

async function withFiles(
  people: number,
  seed: number,
  variant: Variant,
  work: (ways: ManyWays) => Promise<void>,
): Promise<void> {
  const eventsPerPerson = people > 10_000 ? 4 : 8
  const ways = await ManyWays.of({ people, seed, variant, eventsPerPerson }, ['pipelines'])
  try {
    await work(ways)
  } finally {
    await ways.remove()
  }
}

describe('what only Pipelines files show', () => {
  test.each([
    [2000, 1],
    [2000, 2],
    [2000, drawn],
    [50_000, 3],
  ])(
    'broken, %i people, seed %i: every rule names what was planted',
    { timeout: 600_000 },
    async (people, seed) => {
      await withFiles(people, seed, 'broken', (ways) =>
        ways.audit(['pipelines'], async (outcome) => {
          // In one drawn shop of some twenty another pair of facts tells by chance just as well who sends the defect.
          if (seed !== drawn) expect(await namedSuspects({ outcome })).toEqual(plantedSuspects)
          const results = await scores({ outcome, facts: ways.facts.pipelines ?? [] })
          const own = results.filter(({ rule }) => onlyThere.includes(rule as never))
          expect(own.map(({ rule }) => rule)).toEqual(onlyThere)
          for (const score of own) expect(score.true).toBeGreaterThan(9)
          expect(own.filter(({ precision, recall }) => precision < 0.995 || recall < 0.99)).toEqual([])
          const status = outcome.report.rules.filter(({ rule }) => onlyThere.includes(rule as never))
          expect(status.filter((result) => result.status !== 'fail')).toEqual([])
        }),
      )
    },
  )

  test.each([
    ['healthy', 2000, 1],
    ['healthy', 2000, drawn],
    ['sterile', 2000, drawn],
    ['healthy', 50_000, 2],
  ] as const)(
    '%s, %i people, seed %i: nothing fails, and all of them are judged',
    { timeout: 600_000 },
    async (variant, people, seed) => {
      await withFiles(people, seed, variant, (ways) =>
        ways.audit(['pipelines'], async ({ report }) => {
          const own = report.rules.filter(({ rule }) => onlyThere.includes(rule as never))
          // Nobody shops on the web in the sterile shop, so no cart there says where it stands.
          const unasked = variant === 'sterile' ? ['events/out-of-order'] : []
          expect(
            own.filter(({ rule, status }) => status !== (unasked.includes(rule) ? 'skipped' : 'pass')),
          ).toEqual([])
          const loud = report.rules.filter(({ findings }) => findings.total > 0).map(({ rule }) => rule)
          if (variant === 'sterile') expect(loud).toEqual([])
        }),
      )
    },
  )
})
