import { closeSync, createReadStream, createWriteStream, openSync, writeSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Database } from '../../engine/database.ts'
import { csvFormat, jsonLinesFormat, loadFormat, type FileType, type Format } from './formats.ts'
import { copyToParquet } from './parquet.ts'
import type { Cells, Table } from './table.ts'

/** A file that is written but has not got its name and number yet. */
export interface Part {
  readonly table: string
  /** Its place among the parts of its block and table; the blocks' parts are numbered through when all are there. */
  readonly order: number
  readonly path: string
  readonly rows: number
}

export interface PartPlan {
  readonly table: Table
  readonly fileType: FileType
  readonly folder: string
  /** Begins every file name; no other block has the same. */
  readonly prefix: string
  /** After so many rows a new file begins. */
  readonly rowsPerFile: number
  /** Of the first file; default 1. */
  readonly order?: number
  /** Default true; for files that are put together of several blocks. */
  readonly withHeader?: boolean
}

const flushAt = 1 << 20

function formatOf({ table, fileType }: PartPlan): Format {
  if (fileType === 'parquet') return loadFormat(table)
  return fileType.startsWith('csv') ? csvFormat(table) : jsonLinesFormat(table)
}

/**
 * Rows of one table, written at once as plain text, so that memory holds a megabyte of them; the finished text is
 * turned into what was asked for in the end.
 */
export class PartWriter {
  readonly #plan: PartPlan
  readonly #format: Format
  readonly #texts: { readonly path: string; rows: number }[] = []
  #file = -1
  #buffer = ''
  /** Rows that a sync writes again into its next file. */
  #again: Cells[] = []

  constructor(plan: PartPlan) {
    this.#plan = plan
    this.#format = formatOf(plan)
  }

  get rows(): number {
    return this.#texts.reduce((sum, { rows }) => sum + rows, 0)
  }

  add(cells: Cells): void {
    const current = this.#texts.at(-1)
    if (current === undefined || current.rows >= this.#plan.rowsPerFile) {
      this.#begin()
      const again = this.#again
      this.#again = []
      for (const row of again) this.#write(row)
    }
    this.#write(cells)
  }

  /** Once more in the next file, or at the end of the last one. */
  addAgain(cells: Cells): void {
    this.#again.push(cells)
  }

  async finish(database: Database): Promise<Part[]> {
    for (const row of this.#again) this.#write(row)
    this.#end()
    const { table, fileType, order = 1 } = this.#plan
    const parts: Part[] = []
    for (const [position, { path, rows }] of this.#texts.entries()) {
      const final = `${path}.${fileType}`
      if (fileType === 'parquet') await copyToParquet(database, table, path, final)
      else if (fileType.endsWith('.gz'))
        await pipeline(createReadStream(path), createGzip(), createWriteStream(final))
      else await rename(path, final)
      await rm(path, { force: true })
      parts.push({ table: table.name, order: order + position, path: final, rows })
    }
    return parts
  }

  #begin(): void {
    this.#end()
    const { folder, prefix, table, order = 1 } = this.#plan
    const path = join(folder, `${prefix}-${table.name}-${order + this.#texts.length}`)
    this.#texts.push({ path, rows: 0 })
    this.#file = openSync(path, 'wx')
    this.#buffer = this.#plan.withHeader === false ? '' : this.#format.header
  }

  #write(cells: Cells): void {
    const current = this.#texts.at(-1)
    if (current === undefined) throw new Error('No file was begun.')
    this.#buffer += this.#format.line(cells)
    current.rows += 1
    if (this.#buffer.length >= flushAt) this.#flush()
  }

  #flush(): void {
    const bytes = Buffer.from(this.#buffer, 'utf8')
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done)
    this.#buffer = ''
  }

  #end(): void {
    if (this.#file < 0) return
    this.#flush()
    closeSync(this.#file)
    this.#file = -1
  }
}
