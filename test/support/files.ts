import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { openDatabase, type Row } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { openSnapshot } from '../../src/snapshot/index.ts'
import { bringFiles, findSources } from '../../src/sources/files/index.ts'
import { tempDir } from './temp-dir.ts'

export const loadedAt = new Date('2026-11-23T12:00:00Z')

export interface Loaded {
  readonly notes: readonly string[]
  readonly hash: string
  /** `name: read/rejected complete|ended` of each stream, sorted. */
  readonly streams: readonly string[]
  readonly rejects: readonly { readonly position: string; readonly reason: string }[]
  rows(text: string): Promise<Row[]>
}

/** Writes files into a fresh folder: text, or bytes. */
export async function folderOf(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await tempDir()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

/** A Parquet file with the rows of a query. */
export async function parquet(path: string, query: string): Promise<void> {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  await db.run(raw(`copy (${query}) to '${path}' (format parquet)`))
  db.close()
}

/** Loads folders or files into a snapshot of their own and closes it when the test ends. */
export async function loadOf(...paths: readonly string[]): Promise<Loaded> {
  const stateDir = await tempDir()
  const snapshot = await openSnapshot({ stateDir, access: 'write', store: 'files' })
  const notes: string[] = []
  try {
    const found = await findSources(paths.map((path) => ({ path, name: 'files' })))
    const hash = await bringFiles(snapshot, found, {
      tempDir: join(stateDir, 'tmp', 'mended'),
      signal: new AbortController().signal,
      now: loadedAt,
      say: () => undefined,
      note: (text) => notes.push(text),
    })
    const streams = await snapshot.rows(raw('select * from stream order by source, name'))
    const rejects = await snapshot.rows(raw('select position, reason from reject order by position, reason'))
    const rows = new Map<string, Row[]>()
    const wanted = [
      'activity',
      'call',
      'profile',
      'attribute_change',
      'delivery',
      'delivery_metric',
      'meta',
      'file',
    ]
    for (const table of wanted) rows.set(table, await snapshot.rows(raw(`from ${table} order by all`)))
    await snapshot.finish()
    const path = join(stateDir, 'files.duckdb')
    return {
      notes,
      hash,
      streams: streams.map(
        (s) =>
          `${String(s['name'])}: ${String(s['read'])}/${String(s['rejected'])} ${s['complete'] ? 'complete' : String(s['ended'])}`,
      ),
      rejects: rejects.map((r) => ({ position: String(r['position']), reason: String(r['reason']) })),
      rows: async (text) => {
        const db = await openDatabase({ path, access: 'read' })
        try {
          return await db.rows(raw(text))
        } finally {
          db.close()
        }
      },
    }
  } finally {
    await snapshot.close()
  }
}

export const line = (record: Readonly<Record<string, unknown>>): string => `${JSON.stringify(record)}\n`

/** A track as the Pipelines destination writes it. */
export const track = (id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id,
  received_at: '2026-11-20T10:00:01.500Z',
  sent_at: '2026-11-20T10:00:00.250Z',
  anonymous_id: 'anon-1',
  user_id: 'u-1',
  event: 'purchase',
  event_text: 'purchase',
  properties: { order_id: 'o-1', revenue: 5.5 },
  context: {
    device: { token: 'tok-1', type: 'ios' },
    os: { name: 'iOS' },
    app: { version: '3.2.0' },
    library: { version: '4.7.1' },
  },
  ...more,
})

export const gz = (text: string): Buffer => gzipSync(text)
