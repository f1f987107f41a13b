import type { Database } from '../engine/database.ts'
import { raw, type Query } from '../engine/sql.ts'
import { matchSources } from './match-sources.ts'
import { eventTypes } from './vocabulary.ts'

/**
 * - `happening`: the only door through which events come in, payloads and all. Events, pages and screens of the window
 *   that have a name, as they were read; one that came over the API and in files stands here once. `seq` names a row
 *   within one run; it follows the order of loading, so nothing that a reader sees may depend on it. `who` is whom the
 *   source names; it is no number yet, because a join that carries payloads takes as long as reading them all.
 * - `stored`: id, name and payload of what is known by its `seq` already. Asked for by `seq` alone, the engine reads only the
 *   row groups that hold one, and none of the columns that make a happening.
 * - `person`: everybody whom profiles or activities name, numbered by `cio_id`, with the number of the cluster (that of
 *   its smallest `cio_id`). Visitors whom nobody identified are `anon:…`.
 * - `caller`: the person that a `who` means.
 */
export async function buildHappenings(db: Database, since: Date, until: Date): Promise<void> {
  // A view takes no parameters; type names and times are ours.
  const types = eventTypes.map((type) => `'${type}'`).join(', ')
  const happening = (name: string, where: string): string => `
    create temp view ${name} as
    select a.rowid as seq, a.source, a.id, a.type, a.name, a."at", a.data, a.received_at, a.token, a.app_version, a.sdk_version, a.platform,
      case when a.source = 'pipelines' then coalesce('u ' || a.customer_id, 'a ' || a.anonymous_id) else a.cio_id end as who
    from snap.activity a
    where a.type in (${types}) and a.name is not null and a."at" between ${moment(since)} and ${moment(until)} ${where}`
  await db.run(raw('create temp view stored as select rowid as seq, id, name, data from snap.activity'))
  const hasFiles =
    (await db.scalar(raw("select count(*) > 0 from snap.activity where source = 'pipelines'"))) === true
  if (hasFiles) await db.run(visitors)
  await db.run(numbered(hasFiles))
  await db.run(
    raw(`
    create or replace table member as
    select m.cio_id, m.cluster, m.firm, p.person, p.cluster as cluster_person from member m join person p using (cio_id)`),
  )
  if (!hasFiles) {
    await db.run(raw('create temp view caller as select cio_id as who, person, cluster, cio_id from person'))
    await db.run(raw(happening('happening', '')))
    return
  }
  await db.run(callers)
  await db.run(raw(happening('happened', '')))
  await db.run(raw('create temp table superseded (seq bigint)'))
  await matchSources(db)
  await db.run(raw(happening('happening', 'and a.rowid not in (select seq from superseded)')))
}

/** Anonymous ids that only visitors used: nobody was ever identified with them. */
const visitors = raw(`
  insert into anonymous_key
  select distinct anonymous_id, 'anon:' || anonymous_id, false from snap.activity
  -- equivalent mutants [where true]: no other source tells anonymous ids; its rows need not be looked at
  where source = 'pipelines' and customer_id is null and anonymous_id not in (select anonymous_id from anonymous_key)`)

const numbered = (hasFiles: boolean) =>
  raw(`
  create table person as
  with named as (
    select cio_id from record union select cio_id from gone
    union select cio_id from snap.activity where cio_id is not null
    ${hasFiles ? 'union select key from user_key union select key from anonymous_key' : ''}
  ), numbered as (
    select (row_number() over (order by cio_id))::integer as person, cio_id, coalesce(m.cluster, cio_id) as cluster
    from named left join member m using (cio_id)
  )
  select n.person, n.cio_id, c.person as cluster from numbered n join numbered c on c.cio_id = n.cluster`)

/** No `cio_id` begins with a letter and a space, so the three kinds of names cannot meet. */
const callers = raw(`
  create table caller as
  select cio_id as who, person, cluster, cio_id from person
  -- equivalent mutants [where true; = for <>]: without events of the API nobody is called by a cio_id, and the table is a third smaller
  where exists (from snap.activity where source = 'app-api')
  union all
  select 'u ' || k.user_id, p.person, p.cluster, p.cio_id from user_key k join person p on p.cio_id = k.key
  union all
  select 'a ' || k.anonymous_id, p.person, p.cluster, p.cio_id from anonymous_key k join person p on p.cio_id = k.key`)

/** A time that no calendar of the engine holds does not come in here: the window is settled by the program. */
function moment(date: Date): string {
  return `make_timestamp_ms(${date.getTime()})`
}

/**
 * Runs a query in which happenings pass by something smaller. The engine guesses that they are a few thousand, and then
 * would hold them in memory, payloads and all, and let the smaller side pass by them.
 */
export async function runOverHappenings(db: Database, query: Query): Promise<void> {
  await db.run(raw("set disabled_optimizers = 'build_side_probe_side'"))
  await db.run(query)
  await db.run(raw('reset disabled_optimizers'))
}

/**
 * The stored rows of some happenings as a temporary table. Judged while they are found, they would come a few at a time,
 * and each of the many expressions costs as much for five rows as for two thousand.
 *
 * @param seqs - a table or a subquery of one column; only from a table does the engine learn which rows it need not read.
 */
export async function setApart(db: Database, table: string, seqs: string): Promise<void> {
  await runOverHappenings(db, raw(`create temp table ${table} as from stored where seq in (${seqs})`))
}
