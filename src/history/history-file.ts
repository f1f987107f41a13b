import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase, type Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/** Raise it when a table changes: an older file is then told and left alone. */
const historyVersion = 1

/**
 * What is kept of each run: no labels, keys or messages, so nobody whom a finding is about. Fingerprints are keyed hashes.
 *
 * - `run`: `made` counts runs in the order in which they were first made. `workspace`: null where nobody says it. `sources`,
 *   `journeys`: JSON arrays. `plan`: JSON, for the next run to compare its own with.
 * - `rule_result`: one row for each rule of a run. `version`: null where the command line left the rule out.
 * - `finding`: what a run found, by the number of its name in `finding_name`, which most runs share: a number takes three
 *   bytes and the name forty.
 * - `mended`: findings of a baseline that a run no longer found.
 * - `known_day`, `day_count`: events by day and name, as runs first told them or told them otherwise than before. Kept by age
 *   and not by run, because a rhythm needs more weeks than a run sees.
 */
const tables = {
  meta: 'version integer',
  run: 'id varchar, made bigint, as_of timestamp, workspace bigint, workspace_name varchar, tool varchar, decision varchar, reason varchar, blocking bigint, since timestamp, until timestamp, sampled boolean, sources varchar, journeys varchar, plan_version varchar, plan_origin varchar, plan varchar',
  rule_result:
    'run varchar, position integer, rule varchar, version varchar, severity varchar, status varchar, affected bigint, rate double, population bigint, unit varchar, total bigint, fresh bigint, known bigint, waived bigint',
  finding: 'run varchar, number integer, severity varchar, affected bigint, state varchar',
  finding_name: 'number integer, fingerprint varchar, rule varchar, kind varchar',
  mended: 'fingerprint varchar, as_of timestamp',
  known_day: 'workspace bigint, day date, as_of timestamp',
  day_count: 'workspace bigint, day date, name varchar, events bigint, as_of timestamp',
} as const

export const historyPath = (stateDir: string): string => join(stateDir, 'history.duckdb')

/** The file is not one that this program can read. */
export class ForeignHistory extends Error {}

/** Opens the history for one piece of work; a file that is not there is made for a writer, and is null for a reader. */
export async function withHistory<T>(
  stateDir: string,
  access: 'read' | 'write',
  work: (db: Database | null) => Promise<T>,
): Promise<T> {
  const path = historyPath(stateDir)
  if (access === 'read' && !existsSync(path)) return await work(null)
  if (access === 'write') await mkdir(stateDir, { recursive: true })
  const db = await openDatabase({ path, access, threads: 1 })
  try {
    await prepare(db, access)
    return await work(db)
  } finally {
    db.close()
  }
}

async function prepare(db: Database, access: 'read' | 'write'): Promise<void> {
  const found = Number(await db.scalar(raw('select count(*) from duckdb_tables()')))
  if (found === 0 && access === 'write') {
    await db.transaction(async () => {
      for (const [table, columns] of Object.entries(tables))
        await db.run(raw(`create table ${table} (${columns})`))
      await db.run(sql`insert into meta values (${historyVersion})`)
    })
    return
  }
  const isOurs = await db.scalar(
    raw("select count(*) from duckdb_columns() where table_name = 'meta' and column_name = 'version'"),
  )
  const version = isOurs === 1 ? await db.scalar(raw('select version from meta')) : null
  if (version !== historyVersion) throw new ForeignHistory('it was written by another version')
}
