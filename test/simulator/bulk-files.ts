import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openDatabase, type Row } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { uuidOfUlid, writeBulkFiles, type BulkFiles, type BulkOptions } from '../../src/simulator/index.ts'
import { people, seed, type Activity } from './shops.ts'
import { now, type Json } from './support.ts'

export interface Written extends BulkFiles {
  readonly folder: string
  /** Runs SQL; `files('x*')` names files of the folder in it. */
  query(text: (files: (glob: string) => string) => string): Promise<Row[]>
}

async function write(options: Partial<BulkOptions> & Pick<BulkOptions, 'kind'>): Promise<Written> {
  const parent = await mkdtemp(join(tmpdir(), 'cio-audit-bulk-'))
  const folder = join(parent, 'made', 'by-it')
  const written = await writeBulkFiles({ people, seed, variant: 'broken', now, folder, ...options })
  const query: Written['query'] = async (text) => {
    const database = await openDatabase({ path: ':memory:', access: 'write' })
    try {
      return await database.rows(raw(text((glob) => `'${join(folder, glob)}'`)))
    } finally {
      database.close()
    }
  }
  return { ...written, folder, query }
}

const remove = (written: Written): Promise<void> =>
  rm(join(written.folder, '..', '..'), { recursive: true, force: true })

/** Writes files that are gone when the tests of the file have ended. */
export function writer(): typeof write {
  const all: Written[] = []
  afterAll(async () => {
    await Promise.all(all.map(remove))
  })
  return async (options) => {
    const written = await write(options)
    all.push(written)
    return written
  }
}

/** What the identifies said, oldest first. */
export const identifiesOf = (files: Written): Promise<Row[]> =>
  files.query(
    (glob) => `select user_id, anonymous_id, timestamp, traits from ${glob('*.identifies.parquet')}
      order by timestamp, id`,
  )

export const isDeviceCall = (row: Row): boolean => String(row['event_text']).startsWith('Device ')

/** The rows that were activities; of doubled ones, one. */
export function ofTheLog(tracks: readonly Row[], activities: readonly Activity[]): Row[] {
  const ids = new Set(activities.map(({ id }) => uuidOfUlid(id)))
  const first = new Map(tracks.map((row) => [row['id'], row]))
  return [...first.values()].filter((row) => ids.has(String(row['id'])))
}

export const json = (cell: unknown): Json => JSON.parse(String(cell)) as Json
