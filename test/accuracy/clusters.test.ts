import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { buildModel } from '../../src/model/index.ts'
import type { Variant } from '../../src/simulator/index.ts'
import { snapshotPath } from '../../src/snapshot/index.ts'
import { withPulledShop } from '../support/shop.ts'
import { asOf, settings } from '../support/workspace.ts'

const drawn = Number(process.env['ACCURACY_SEED'] ?? Math.floor(Math.random() * 1e9))
console.log(`clusters: the drawn seed is ${drawn} (ACCURACY_SEED=${drawn} repeats it)`)

/** Pairs of profiles that the audit takes for one person, and those that the planter made of one person. */
async function pairsOf(people: number, seed: number, variant: Variant) {
  return await withPulledShop(
    { people, seed, variant, eventsPerPerson: 4 },
    ['shop'],
    async ({ stateDir, simulator, plans }) => {
      const db = await openDatabase({ path: ':memory:', access: 'write' })
      await db.run(raw(`attach '${snapshotPath(stateDir)}' as snap (read_only)`))
      const since = new Date(asOf.getTime() - 30 * 86_400_000)
      await buildModel(db, {
        settings,
        plan: plans.shop,
        since,
        until: asOf,
        asOf,
        burstWindowSeconds: 10,
        journeys: [],
      })
      const rows = await db.rows(
        raw('select list(cio_id) as members from member group by cluster having count(*) > 1'),
      )
      db.close()
      return {
        found: pairs(rows.map(({ members }) => members as string[])),
        truth: pairs(simulator.persons),
      }
    },
  )
}

const pairs = (groups: readonly (readonly string[])[]): Set<string> =>
  new Set(
    groups.flatMap((group) => {
      const sorted = group.toSorted()
      return sorted.flatMap((a, position) => sorted.slice(position + 1).map((b) => `${a} ${b}`))
    }),
  )

describe('two profiles are taken for one person only where the planter made them one', () => {
  test.each([
    [2000, 1, 'broken'],
    [2000, drawn, 'broken'],
    [8000, 2, 'broken'],
    [2000, 3, 'healthy'],
  ] as const)('%i people, seed %i, %s', { timeout: 300_000 }, async (people, seed, variant) => {
    const { found, truth } = await pairsOf(people, seed, variant)
    const wrong = [...found].filter((pair) => !truth.has(pair))
    const missed = [...truth].filter((pair) => !found.has(pair))
    // A plant that makes one person of two profiles says so with `cast.join`; otherwise it stands here as wrong.
    expect({ wrong: wrong.slice(0, 5), missed: missed.slice(0, 5) }).toEqual({ wrong: [], missed: [] })
    expect(1 - wrong.length / found.size).toBeGreaterThanOrEqual(0.999)
    expect(truth.size).toBeGreaterThan(variant === 'broken' ? 40 : 0)
  })

  test('in the sterile shop nobody is two', { timeout: 300_000 }, async () => {
    expect(await pairsOf(2000, 1, 'sterile')).toEqual({ found: new Set(), truth: new Set() })
  })
})
