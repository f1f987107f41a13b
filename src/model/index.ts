import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { createDayCounts } from './day-counts.ts'
import { createPlanChanges } from './plan-changes.ts'
import { createAbsent } from './roster/absent.ts'
import { dropRoster } from './roster/index.ts'
import type { Given, ModelOptions, Step } from './step.ts'
import { steps } from './steps.ts'

export type { ModelOptions } from './step.ts'

/**
 * Builds the audit model from the snapshot that is attached as `snap`: the tables that rules ask. Each step says what
 * its tables mean. Rules never parse JSON or normalise an address; it has been done here, once.
 *
 * @param wanted tables that will be read; others come only where those hang on them. All of them when left out.
 */
export async function buildModel(
  db: Database,
  options: ModelOptions,
  wanted?: ReadonlySet<string>,
): Promise<void> {
  const model = await Model.begin(db, options)
  await model.build(wanted)
  if (!options.keepRoster) await dropRoster(db)
  await db.run(raw('checkpoint'))
}

/** A model that can be built piece by piece. */
export class Model {
  readonly #db: Database
  readonly #given: Given
  readonly #built = new Set<Step>()

  private constructor(db: Database, options: ModelOptions) {
    this.#db = db
    this.#given = { ...options, held: [] }
  }

  static async begin(db: Database, options: ModelOptions): Promise<Model> {
    await db.run(raw('create table double_source (matched bigint, only_api bigint, only_files bigint)'))
    // Filled by the audit, which knows the streams: what no connected source shows to the end.
    await db.run(raw('create table unmet_need (need varchar, reason varchar)'))
    await createPlanChanges(db)
    await createDayCounts(db)
    await createAbsent(db)
    return new Model(db, options)
  }

  /** Builds what these tables hang on and is not there yet; everything when left out. */
  async build(wanted?: ReadonlySet<string>): Promise<void> {
    for (const step of wanted === undefined ? steps : stepsFor(wanted)) {
      if (this.#built.has(step)) continue
      this.#built.add(step)
      await step.build(this.#db, this.#given)
    }
  }
}

/** The steps that make these tables, with those that they build on, in their order. */
export function stepsFor(tables: ReadonlySet<string>): Step[] {
  const needed = new Set(tables)
  // From the end: what a step reads is made or changed before it.
  const chosen = steps.toReversed().filter((step) => {
    if (!step.makes.some((table) => needed.has(table))) return false
    for (const table of step.reads) needed.add(table)
    return true
  })
  return chosen.toReversed()
}
