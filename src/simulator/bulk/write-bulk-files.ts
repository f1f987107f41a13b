import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FactBook } from '../facts.ts'
import type { Fact, PopulationOptions } from '../types.ts'
import { blocksOf, type BlockSize } from './blocks.ts'
import { namedParts } from './file-names.ts'
import type { FileType } from './formats.ts'
import { runBlocks } from './run-blocks.ts'
import type { BulkKind } from './write-block.ts'

export interface BulkOptions extends Omit<PopulationOptions, 'block'> {
  readonly kind: BulkKind
  /** An empty folder, or one that is to be made. */
  readonly folder: string
  /** Of Pipelines files; default Parquet. */
  readonly fileType?: FileType
  /** Default: as many as the machine has processors, but four at most, since each holds a block in memory. */
  readonly threads?: number
  readonly signal?: AbortSignal
  /** Smaller blocks than usual, for tests. */
  readonly blockSize?: BlockSize
}

export interface BulkFiles {
  readonly facts: readonly Fact[]
  /** Names, in the folder. */
  readonly files: readonly string[]
  readonly rows: Readonly<Record<string, number>>
  readonly activities: number
}

/** Writes a shop as the files that Customer.io would write, with nothing else in their folder. */
export async function writeBulkFiles(options: BulkOptions): Promise<BulkFiles> {
  const { kind, folder, fileType = 'parquet', threads, signal, blockSize, ...population } = options
  const blocks = blocksOf(population, blockSize)
  const processors = threads ?? Math.min(4, availableParallelism())
  const workers = Math.min(processors, blocks.length)
  await mkdir(folder, { recursive: true })
  // Beside the files, so that giving them their names moves no bytes.
  const scratch = await mkdtemp(join(folder, '.writing-'))
  try {
    const jobs = blocks.map((block, number) => ({
      number,
      population: block,
      kind,
      fileType:
        kind === 'pipelines' ? fileType : kind === 'warehouse' ? ('parquet' as const) : ('csv' as const),
      folder: scratch,
      filesPerType: blocks.length === 1 ? 3 : 1,
      engineThreads: Math.max(1, Math.floor(processors / workers)),
    }))
    const results = await runBlocks(jobs, workers, signal ?? new AbortController().signal)
    const parts = namedParts(kind, results, fileType)
    const rows: Record<string, number> = {}
    const written = new Set<string>()
    for (const part of parts) {
      const path = join(folder, part.name)
      if (written.has(part.name)) await append(part.path, path)
      else await rename(part.path, path)
      written.add(part.name)
      rows[part.table] = (rows[part.table] ?? 0) + part.rows
    }
    const book = new FactBook()
    for (const { pages } of results) book.addPages(pages)
    const activities = results.reduce((sum, result) => sum + result.activities, 0)
    return { facts: book.facts(), files: [...written], rows, activities }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

const append = (from: string, to: string): Promise<void> =>
  pipeline(createReadStream(from), createWriteStream(to, { flags: 'a' }))
