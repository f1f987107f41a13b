import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plan } from '../core/plan.ts'
import { openDatabase, type Database } from '../engine/database.ts'
import { LazyModel } from '../model/lazy-model.ts'
import { readFacts, type Facts, type View } from './facts.ts'

export interface ModelView extends View {
  readonly stateDir: string
  readonly plan: Plan
  readonly memoryBytes?: number
}

/** The model of a run, as far as it is asked for, for commands that look instead of judging; gone afterwards. */
export async function withModel<T>(
  options: ModelView,
  work: (db: Database, facts: Facts) => Promise<T>,
): Promise<T> {
  const folder = join(options.stateDir, 'tmp', `model-${process.pid}`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const db = await openDatabase({
    path: join(folder, 'model.duckdb'),
    access: 'write',
    isTransient: true,
    dataBytes: (await stat(options.snapshotPath)).size,
    ...(options.memoryBytes === undefined ? {} : { memoryBytes: options.memoryBytes }),
    tempDir: join(folder, 'spill'),
  })
  try {
    const facts = await readFacts(db, options)
    const { settings, plan } = options
    // Copies of events play no part in what is looked at.
    const model = await LazyModel.over(db, {
      settings,
      plan,
      ...facts.window,
      burstWindowSeconds: 10,
      journeys: [],
    })
    return await work(model, facts)
  } finally {
    db.close()
    await rm(folder, { recursive: true, force: true })
  }
}
