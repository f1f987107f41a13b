import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { audit } from '../../src/audit/index.ts'
import { withModel } from '../../src/audit/open-model.ts'
import { builtInPlan } from '../../src/config/index.ts'
import { parsePlan } from '../../src/config/plan.ts'
import { renderPlan } from '../../src/config/plan-text.ts'
import type { Plan } from '../../src/core/plan.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { raw, sql } from '../../src/engine/sql.ts'
import { inferPlan } from '../../src/model/observed/index.ts'
import { snapshotPath } from '../../src/snapshot/index.ts'
import type { Variant } from '../../src/simulator/index.ts'
import { withPulledShop } from '../support/shop.ts'
import { asOf, settings } from '../support/workspace.ts'

const half = new Date(asOf.getTime() - 15 * 86_400_000)
const judged = ['events/missing-property', 'events/wrong-type']

interface Halves {
  readonly plan: Plan
  readonly statuses: readonly string[]
  /** What the audit of the whole window named: `rule subject record`, by the half that the event lies in. */
  readonly named: { readonly first: ReadonlySet<string>; readonly second: ReadonlySet<string> }
  readonly truth: ReadonlySet<string>
}

/**
 * A shop that was one variant in the first half of the window, and then became another. The plan is inferred from
 * the first half, goes through its own text, and judges the whole window.
 */
function halves(seed: number, variant: Variant, began: Variant): Promise<Halves> {
  const earlier = { people: 2000, seed: began === variant ? seed : seed + 1, variant: began }
  return withPulledShop(earlier, ['shop'], (before) =>
    withPulledShop({ people: 2000, seed, variant }, ['shop'], async ({ stateDir, simulator }) => {
      const path = snapshotPath(stateDir)
      const late = await beginWith(path, snapshotPath(before.stateDir))
      const view = { snapshotPath: path, stateDir, settings, asOf }
      const text = await withModel({ ...view, plan: builtInPlan, until: half }, async (db) => {
        const { plan, notes } = await inferPlan(db)
        return renderPlan(plan, ['first half'], notes)
      })
      const { plan } = parsePlan({ origin: 'tracking-plan.yaml', text })
      const outcome = await audit({
        ...view,
        plan,
        waivers: [],
        baseline: null,
        rules,
        only: judged,
        skip: [],
        toolVersion: '0.0.0',
      })
      try {
        const first = new Set<string>()
        const second = new Set<string>()
        for (const rule of judged) {
          for await (const rows of outcome.evidence(rule).rows) {
            for (const row of rows) {
              const record = String(row['activity_id'])
              const name = `${rule} ${String(row['event'])}.${String(row['property'])} ${record}`
              ;(late.has(record) ? second : first).add(name)
            }
          }
        }
        const truth = simulator.facts
          .filter(({ rule, plan: by }) => judged.includes(rule) && by !== 'built-in')
          .flatMap(({ rule, subject, records }) =>
            records.filter((record) => late.has(record)).map((record) => `${rule} ${subject} ${record}`),
          )
        const statuses = outcome.report.rules
          .filter(({ rule }) => judged.includes(rule))
          .map(({ rule, status }) => `${rule} ${status}`)
        return { plan, statuses, named: { first, second }, truth: new Set(truth) }
      } finally {
        await outcome.close()
      }
    }),
  )
}

/** @returns the activities of the second half. */
async function beginWith(path: string, before: string): Promise<ReadonlySet<string>> {
  const db = await openDatabase({ path, access: 'write' })
  try {
    await db.run(raw(`attach '${before}' as earlier (read_only)`))
    await db.run(sql`delete from activity where "at" <= ${half}`)
    await db.run(sql`insert into activity from earlier.activity where "at" <= ${half}`)
    const rows = await db.rows(sql`select distinct id from activity where "at" > ${half}`)
    return new Set(rows.map(({ id }) => String(id)))
  } finally {
    db.close()
  }
}

test.each([3, 11])(
  'a plan inferred from a clean first half finds the defects of the second half (seed %i)',
  { timeout: 120_000 },
  async (seed) => {
    const { named, truth } = await halves(seed, 'broken', 'sterile')
    expect([...named.first]).toEqual([])
    expect(truth.size).toBeGreaterThan(100)
    const missed = [...truth].filter((name) => !named.second.has(name))
    expect(1 - missed.length / truth.size).toBeGreaterThanOrEqual(0.95)
    // Web orders, which began in the second half, have no version of the app: a plan that never saw one cannot know it.
    // Keys that were lost are planted as such (`events/missing-key`), not as missing properties.
    const judgedOnBoth = [...named.second].filter((name) => !/\.(?:app_version|event_id) /.test(name))
    const wrong = judgedOnBoth.filter((name) => !truth.has(name))
    expect(wrong.length / judgedOnBoth.length).toBeLessThan(0.05)
  },
)

test.each(['healthy', 'sterile'] as const)(
  'in a %s shop an inferred plan fails nothing',
  { timeout: 120_000 },
  async (variant) => {
    const { named, plan, statuses } = await halves(7, variant, variant)
    // A healthy shop has a few slips too, as many as the rules allow.
    expect(named.first.size).toBeLessThan(variant === 'sterile' ? 1 : 20)
    expect(statuses).toEqual(judged.map((rule) => `${rule} pass`))
    if (variant === 'sterile') expect([...named.second]).toEqual([])
    expect(plan.events['purchase']).toMatchObject({
      intent: 'purchase',
      critical: true,
      dedupeKey: 'event_id',
    })
    expect(plan.events['cart_updated']?.properties['currency']).toMatchObject({
      type: 'currency',
      required: true,
    })
  },
)
