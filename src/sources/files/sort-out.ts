import type { SnapshotTable } from '../../core/tables.ts'
import type { Database } from '../../engine/database.ts'
import { raw, sql } from '../../engine/sql.ts'
import type { Ledger } from './ledger.ts'

/** Tables that files fill; each has `source` and `rest`. */
const filled: readonly SnapshotTable[] = [
  'activity',
  'call',
  'profile',
  'attribute_change',
  'delivery',
  'delivery_metric',
]
const ofFiles = raw(`source in ('people-export', 'warehouse-sync', 'pipelines')`)
const longestRaw = 65_536

/** Whatever an earlier load left: it is read anew. */
export async function forgetFiles(database: Database): Promise<void> {
  for (const table of [...filled, 'reject', 'stream'] as const) {
    await database.run(sql`delete from ${raw(table)} where ${ofFiles}`)
  }
  await database.run(raw('delete from file'))
}

/** Takes the rows that are no records of ours (see `faultOf`) out of the tables and into the rejects. */
export async function sortOut(database: Database, ledger: Ledger): Promise<void> {
  await database.run(
    raw('create temp table loaded_from (path varchar, source varchar, stream varchar, name varchar)'),
  )
  await database.append('loaded_from', ledger.paths)
  for (const table of filled) {
    const faulty = sql`from ${raw(table)} where rest is not null and ${ofFiles}`
    if (Number(await database.scalar(sql`select count(*) ${faulty}`)) === 0) continue
    await database.run(sql`
      insert into reject
      select f.source, f.stream, f.name || ', ' || (r.rest ->> '$.place'), r.rest ->> '$.reason', left(r.rest ->> '$.raw', ${longestRaw})
      from (select rest ${faulty}) r join loaded_from f on f.path = (r.rest ->> '$.file')`)
    const counts = await database.rows(sql`
      select f.source, f.stream, count(*) as rows
      from (select rest ${faulty}) r join loaded_from f on f.path = (r.rest ->> '$.file') group by f.source, f.stream`)
    for (const { source, stream, rows } of counts) {
      ledger.sortedOut(source as 'pipelines', String(stream), Number(rows))
    }
    await database.run(sql`delete ${faulty}`)
  }
  await database.run(raw('drop table loaded_from'))
}

/** As many message ids as are compared in one go: some 150 MB of hashes. */
const idsAtOnce = 4_000_000

/**
 * Customer.io drops a call whose message id it has seen (reference, section 10), so one id twice in the files is one
 * event. Ids are compared by a hash of 64 bits, part by part, and exactly only where hashes meet.
 *
 * @returns how many rows were more than one of their id.
 */
export async function dropRepeated(database: Database): Promise<number> {
  const own = raw(`source = 'pipelines' and id is not null`)
  await database.run(sql`create temp table id_hash as select hash(id) as id_hash from activity where ${own}`)
  const rows = Number(await database.scalar(raw('select count(*) from id_hash')))
  const parts = Math.max(1, Math.ceil(rows / idsAtOnce))
  await database.run(raw('create temp table repeated (id_hash ubigint)'))
  for (let part = 0; part < parts; part += 1) {
    await database.run(sql`
      insert into repeated
      select id_hash from id_hash where id_hash % ${raw(String(parts))} = ${raw(String(part))} group by 1 having count(*) > 1`)
  }
  await database.run(raw('drop table id_hash'))
  if (Number(await database.scalar(raw('select count(*) from repeated'))) === 0) {
    await database.run(raw('drop table repeated'))
    return 0
  }
  // Ids first, then what stands beside them, for these rows alone: whole rows of ten million took 20 s.
  await database.run(sql`
    create temp table twin as
    select row, id from (select rowid as row, id from activity where ${own} and hash(id) in (from repeated))
    qualify count(*) over (partition by id) > 1`)
  await database.run(
    raw(`
    create temp table surplus as
    select t.row from twin t
    join (select rowid as row, received_at, "at", type, name, data from activity where rowid in (select row from twin)) a using (row)
    -- By what the rows say and not by their place, which differs from load to load.
    qualify row_number() over (partition by t.id order by a.received_at, a."at", a.type, a.name, a.data) > 1`),
  )
  await database.run(raw('drop table twin'))
  const surplus = Number(await database.scalar(raw('select count(*) from surplus')))
  if (surplus > 0) await database.run(raw('delete from activity where rowid in (select row from surplus)'))
  await database.run(raw('drop table surplus'))
  await database.run(raw('drop table repeated'))
  return surplus
}

/**
 * An export says how everybody is at its hour. Of a person who stands in several files the last one counts, in the order of their
 * names: else last week's export beside today's would bring old values back. What stands twice in one file stays.
 *
 * @returns how many records an earlier file had of them.
 */
export async function dropSuperseded(database: Database): Promise<number> {
  const own = raw(`source = 'people-export'`)
  const files = await database.scalar(sql`select count(distinct sequence) from profile where ${own}`)
  if (Number(files) < 2) return 0
  await database.run(sql`
    create temp table superseded as
    select row from (
      select rowid as row, sequence, hash(case when cio_id is not null then 'cio_id ' || cio_id else 'id ' || id end) as person
      from profile where ${own} and (cio_id is not null or id is not null)
    )
    qualify sequence < max(sequence) over (partition by person)`)
  const rows = Number(await database.scalar(raw('select count(*) from superseded')))
  if (rows > 0) await database.run(raw('delete from profile where rowid in (select row from superseded)'))
  await database.run(raw('drop table superseded'))
  return rows
}
