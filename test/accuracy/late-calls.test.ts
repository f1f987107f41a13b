import { expect, test } from 'vitest'
import { uuidOfUlid } from '../../src/simulator/index.ts'
import { scores } from '../support/score.ts'
import { ManyWays } from '../support/sources.ts'

/** In files an event has the id of its message; what was planted on the activities is named by those. */
const inFiles = (id: string): string => (id.length === 26 ? uuidOfUlid(id) : id)

test('files also show what came late, and what came hours off', { timeout: 600_000 }, async () => {
  const ways = await ManyWays.of({ people: 2000, seed: 1, variant: 'broken', eventsPerPerson: 8 }, [
    'pipelines',
  ])
  try {
    await ways.audit(['pipelines'], async (outcome) => {
      const facts = (ways.facts.pipelines ?? [])
        .filter(({ rule }) => rule === 'events/bad-timestamp')
        .map((fact) => ({ ...fact, records: fact.records.map(inFiles) }))
      const own = (await scores({ outcome, facts })).find(({ rule }) => rule === 'events/bad-timestamp')
      expect(own).toMatchObject({ precision: 1, recall: 1 })
      const result = outcome.report.rules.find(({ rule }) => rule === 'events/bad-timestamp')
      const told = result?.findings.listed.map(({ message }) => message).join('\n')
      expect(told).toMatch(/received more than 72 hours late/)
      expect(told).toMatch(/off by whole hours \(5\)/)
    })
  } finally {
    await ways.remove()
  }
})
