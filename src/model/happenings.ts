import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { matchSources } from './match-sources.ts'
import { eventTypes } from './vocabulary.ts'

/**
 * The only door through which events come in.
 *
 * - `recorded`: events, pages and screens of the window that have a name, as they were read. `seq` names a row within
 *   one run; it follows the order of loading, so nothing that a reader sees may depend on it.
 * - `person`: everybody whom profiles or activities name, numbered by `cio_id`, with the number of the cluster (that of
 *   its smallest `cio_id`). Visitors whom nobody identified are `anon:…`.
 * - `happening`: `recorded` with these numbers and the `cio_id` that they stand for; an event that came over the API and in files stands here once.
 */
export async function buildHappenings(db: Database, since: Date, until: Date): Promise<void> {
  // A view takes no parameters; type names and times are ours.
  const types = eventTypes.map((type) => `'${type}'`).join(', ')
  await db.run(
    raw(`
    create temp view recorded as
    select a.rowid as seq, a.source, a.id, a.type, a.name, a.cio_id, a.customer_id as user_id, a.anonymous_id, a."at", a.data,
      a.received_at, a.token, a.app_version, a.platform
    from snap.activity a
    where a.type in (${types}) and a.name is not null and a."at" between ${moment(since)} and ${moment(until)}`),
  )
  const hasFiles =
    (await db.scalar(raw("select count(*) > 0 from snap.activity where source = 'pipelines'"))) === true
  if (hasFiles) await db.run(visitors)
  await db.run(numbered(hasFiles))
  if (!hasFiles) {
    await db.run(
      raw(`create temp view happening as
        select r.*, p.person, p.cluster from recorded r left join person p on p.cio_id = r.cio_id`),
    )
    return
  }
  await db.run(callers('user_person', 'user_id', 'user_key'))
  await db.run(callers('anonymous_person', 'anonymous_id', 'anonymous_key'))
  await db.run(raw(happening('happened', '')))
  await db.run(raw('create temp table superseded (seq bigint)'))
  await matchSources(db)
  await db.run(raw(happening('happening', 'where r.seq not in (select seq from superseded)')))
}

/** Anonymous ids that only visitors used: nobody was ever identified with them. */
const visitors = raw(`
  insert into anonymous_key
  select distinct anonymous_id, 'anon:' || anonymous_id, false from snap.activity
  where source = 'pipelines' and customer_id is null and anonymous_id not in (select anonymous_id from anonymous_key)`)

const numbered = (hasFiles: boolean) =>
  raw(`
  create table person as
  with named as (
    select cio_id from record union select cio_id from gone union select cio_id from snap.activity
    ${hasFiles ? 'union select key from user_key union select key from anonymous_key' : ''}
  ), numbered as (
    select (row_number() over (order by cio_id))::integer as person, cio_id, coalesce(m.cluster, cio_id) as cluster
    from named left join member m using (cio_id) where cio_id is not null
  )
  select n.person, n.cio_id, c.person as cluster from numbered n join numbered c on c.cio_id = n.cluster`)

/** The numbers of those whom an id of Pipelines files means. */
const callers = (table: string, id: string, keys: string) =>
  raw(`create temp table ${table} as
    select k.${id}, p.person, p.cluster, p.cio_id from ${keys} k join person p on p.cio_id = k.key`)

const happening = (name: string, where: string): string => `
  create temp view ${name} as
  select r.* exclude (cio_id), coalesce(r.cio_id, u.cio_id, n.cio_id) as cio_id, coalesce(p.person, u.person, n.person) as person,
    coalesce(p.cluster, u.cluster, n.cluster) as cluster
  from recorded r
  left join person p on p.cio_id = r.cio_id
  left join user_person u on u.user_id = case when r.source = 'pipelines' then r.user_id end
  left join anonymous_person n on n.anonymous_id = case when r.source = 'pipelines' and r.user_id is null then r.anonymous_id end
  ${where}`

/** A time that no calendar of the engine holds does not come in here: the window is settled by the program. */
function moment(date: Date): string {
  return `make_timestamp_ms(${date.getTime()})`
}
