import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { fc } from '../support/properties.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { checklistItems } from '../../src/core/checklist.ts'
import { CioAuditError } from '../../src/core/errors.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { sql } from '../../src/engine/sql.ts'
import { writeBulkFiles } from '../../src/simulator/index.ts'
import { ManyWays, type Way } from '../support/sources.ts'
import { tempDir } from '../support/temp-dir.ts'
import { asOf } from '../support/workspace.ts'

const shop = { people: 700, seed: 4, variant: 'healthy' } as const
const attestation = {
  reason: 'of the test',
  owner: 'crm@shop.example',
  on: '2026-11-01',
  expires: '2027-02-01',
}
const attest = Object.fromEntries(checklistItems.map((item) => [item, attestation]))

/** Of each kind; six take half a minute. */
const runs = Number(process.env['DAMAGE_RUNS'] ?? 6)

const fileKinds = ['people-export', 'warehouse-sync', 'pipelines'] as const
/** What files show at best in part leaves an audit of files alone open, damaged or not: it proves nothing here. */
const off = Object.fromEntries(
  rules
    .map(({ meta }) => ({ meta, sights: fileKinds.map((kind) => meta.sources[kind]) }))
    .filter(({ sights }) => sights.includes('partial') && !sights.includes('full'))
    .map(({ meta }) => [meta.id, { enabled: false }]),
)

interface Kind {
  readonly way: Exclude<Way, 'api'>
  readonly fileType?: 'parquet' | 'jsonl' | 'jsonl.gz' | 'csv' | 'csv.gz'
}
const kinds: Readonly<Record<string, Kind>> = {
  'Pipelines, Parquet': { way: 'pipelines' },
  'Pipelines, JSON lines': { way: 'pipelines', fileType: 'jsonl' },
  'Pipelines, JSON lines, gzip': { way: 'pipelines', fileType: 'jsonl.gz' },
  'Pipelines, CSV': { way: 'pipelines', fileType: 'csv' },
  'Pipelines, CSV, gzip': { way: 'pipelines', fileType: 'csv.gz' },
  'warehouse, Parquet': { way: 'warehouse' },
  'people export, CSV': { way: 'export' },
}

/** Cuts a file off, or flips some of its bytes. */
const damages = fc.oneof(
  fc.record({
    kind: fc.constant('cut' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  }),
  fc.record({
    kind: fc.constant('flips' as const),
    at: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
      minLength: 1,
      maxLength: 12,
    }),
    mask: fc.integer({ min: 1, max: 255 }),
  }),
)
type Damage = typeof damages extends fc.Arbitrary<infer T> ? T : never

function damaged(bytes: Buffer, damage: Damage): Buffer {
  if (damage.kind === 'cut') return bytes.subarray(0, Math.floor(damage.at * bytes.length))
  const copy = Buffer.from(bytes)
  for (const at of damage.at) {
    const place = Math.floor(at * copy.length)
    copy[place] = (copy[place] ?? 0) ^ damage.mask
  }
  return copy
}

/**
 * Whether nothing about a file shows that it is damaged: it can be unpacked, every record of it parsed, every JSON text
 * in it too. Written apart from what it tests: by Node's own gunzip and JSON, and csv-parse; Parquet by the engine, for
 * there is no second reader here.
 */
async function looksSound(path: string): Promise<boolean> {
  try {
    const bytes = await readFile(path)
    if (path.endsWith('.parquet')) return await parquetIsSound(path)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      path.endsWith('.gz') ? gunzipSync(bytes) : bytes,
    )
    if (text === '') return false
    const records: Record<string, unknown>[] = path.includes('.csv')
      ? parse(text, { columns: true })
      : text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => JSON.parse(line) as Record<string, unknown>)
    for (const record of records) {
      for (const name of ['properties', 'traits', 'context']) {
        const value = record[name]
        if (typeof value === 'string' && value !== '') JSON.parse(value)
      }
    }
    return true
  } catch {
    return false
  }
}

async function parquetIsSound(path: string): Promise<boolean> {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  try {
    const rows = await db.rows(sql`from read_parquet(${path})`)
    for (const row of rows) {
      for (const name of ['properties', 'traits', 'context']) {
        if (typeof row[name] === 'string' && row[name] !== '') JSON.parse(row[name])
      }
    }
    return true
  } finally {
    db.close()
  }
}

describe('damaged files', () => {
  let ways: ManyWays
  const originals = new Map<string, string>()
  beforeAll(async () => {
    ways = await ManyWays.of(shop)
    for (const [name, { way, fileType }] of Object.entries(kinds)) {
      if (fileType === undefined) {
        originals.set(name, ways.folders[way])
        continue
      }
      const folder = `${ways.folders[way]}-${fileType}`
      await writeBulkFiles({ ...shop, now: asOf, kind: 'pipelines', fileType, folder })
      originals.set(name, folder)
    }
  }, 120_000)
  afterAll(() => ways.remove())

  /** The decision, or the exit code of a failure that has a sentence of its own. Whatever else is thrown fails the test. */
  async function outcomeOf(way: Kind['way'], folder: string): Promise<string> {
    const before = ways.folders[way]
    ways.folders[way] = folder
    const together: readonly Way[] = way === 'pipelines' ? ['pipelines', 'export'] : ['pipelines', way]
    try {
      return await ways.audit(together, async ({ report }) => report.verdict.decision, { attest, rules: off })
    } catch (cause) {
      if (!(cause instanceof CioAuditError)) throw cause
      return `exit ${cause.oclif.exit}`
    } finally {
      ways.folders[way] = before
    }
  }

  test.each(Object.entries(kinds))('%s: undamaged it is a GO', { timeout: 60_000 }, async (name, { way }) => {
    expect(await outcomeOf(way, originals.get(name) ?? '')).toBe('go')
  })

  test.each(Object.entries(kinds))(
    '%s: damage that shows never leads to GO',
    { timeout: 300_000 },
    async (name, { way }) => {
      const original = originals.get(name) ?? ''
      const files = (await readdir(original))
        .filter((file) => !/aliases|metrics|deliveries|campaigns/.test(file))
        .toSorted()
      const scratch = join(await tempDir(), way)
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 1e9 }), damages, async (pick, damage) => {
          await rm(scratch, { recursive: true, force: true })
          await mkdir(scratch, { recursive: true })
          await cp(original, scratch, { recursive: true })
          const path = join(scratch, files[pick % files.length] ?? '')
          await writeFile(path, damaged(await readFile(path), damage))
          const outcome = await outcomeOf(way, scratch)
          expect(['go', 'no-go', 'inconclusive', 'exit 2', 'exit 5']).toContain(outcome)
          if (outcome === 'go') expect(await looksSound(path)).toBe(true)
        }),
        { numRuns: runs, endOnFailure: true },
      )
    },
  )
})
