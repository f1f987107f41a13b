import { join } from 'node:path'
import { openDatabase } from '../../engine/database.ts'
import type { Page } from '../facts.ts'
import { makeShop } from '../population/population.ts'
import type { PopulationOptions } from '../types.ts'
import { writeExport } from './export.ts'
import type { FileType } from './formats.ts'
import type { Part } from './parts.ts'
import { writePipelines } from './pipelines/write-pipelines.ts'
import { writeWarehouse } from './warehouse/write-warehouse.ts'

export const bulkKinds = ['pipelines', 'warehouse', 'export'] as const
export type BulkKind = (typeof bulkKinds)[number]

/** One block's work, as it is handed to a thread. */
export interface BlockJob {
  readonly number: number
  readonly population: PopulationOptions
  readonly kind: BulkKind
  readonly fileType: FileType
  readonly folder: string
  readonly filesPerType: number
  readonly engineThreads: number
}

export interface BlockResult {
  readonly number: number
  readonly parts: readonly Part[]
  readonly pages: readonly Page[]
  readonly activities: number
}

/** The engine only turns text into Parquet here; a row group or two is all it holds. */
const engineMemory = 512 * 1024 * 1024

export async function writeBlock(job: BlockJob): Promise<BlockResult> {
  const { number, population: options, kind, fileType, folder, filesPerType } = job
  const shop = makeShop(options)
  const prefix = String(number)
  const database = await openDatabase({
    path: ':memory:',
    access: 'write',
    memoryBytes: engineMemory,
    threads: job.engineThreads,
    // Blocks are written at once, and two databases that spill into one folder take each other's files.
    tempDir: join(folder, `spill-${prefix}`),
  })
  try {
    const place = { folder, prefix }
    const parts =
      kind === 'pipelines'
        ? await writePipelines(shop, options, { ...place, fileType, filesPerType }, database)
        : kind === 'warehouse'
          ? await writeWarehouse(shop, options, place, database)
          : await writeExport(shop, { ...place, withHeader: number === 0 }, database)
    return { number, parts, pages: shop.facts.pages(), activities: shop.population.activities.length }
  } finally {
    database.close()
  }
}
