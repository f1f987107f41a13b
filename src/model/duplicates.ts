import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import type { HeldEvent } from './event-names.ts'
import { keyOf } from './events.ts'
import { setApart } from './happenings.ts'
import { columnLeaf, leafColumns, openedColumns } from './json-record.ts'
import { volatileProperties } from './vocabulary.ts'

/**
 * `key_copy`: events of one person (cluster) and name that carry the same dedupe key, numbered by time; number 1 is the
 * one that is meant, the others are surplus. Files need not give ids: then the `cio_id` settles who is first.
 *
 * Keys are many and nearly all stand alone, so hashes of eight bytes are grouped first; what collides is compared.
 */
export async function buildKeyCopies(db: Database, held: readonly HeldEvent[]): Promise<void> {
  await db.run(
    raw(
      'create table key_copy (seq bigint, id varchar, cio_id varchar, "cluster" integer, name varchar, happened_at timestamp, key varchar, number bigint, first_id varchar)',
    ),
  )
  const names = [...new Set(held.flatMap(({ dedupeKeys }) => dedupeKeys))]
  // equivalent mutants [if (false)]: without a key nothing repeats; the statements would be run in vain
  if (names.length === 0) return
  await db.run(
    raw(`
    create temp table colliding as
    with keyed as (
      select seq, hash(cluster, name, key_hash) as hashed from event where key_hash is not null
    ), repeated as (
      -- equivalent mutants [having true; > for >=]: the keys themselves are compared below; more of them would be read
      select hashed from keyed group by hashed having count(*) > 1
    )
    -- equivalent mutants [where true]: as above
    select seq from keyed where hashed in (from repeated)`),
  )
  await setApart(db, 'repeating', 'from colliding')
  await db.run(sql`
    insert into key_copy
    with opened as (
      select seq, 'event' as type, name, id, ${openedColumns(raw('data'), names)} from repeating
    ), spread as (
      select *, ${leafColumns(names)} from opened
    ), named as (
      select seq, s.id, p.cio_id, e.cluster, e.name, e.happened_at, s.key
      from (select seq, id, ${keyOf(held, columnLeaf(names))} as key from spread) s
      -- equivalent mutants [where true]: the join leaves out the others too, but takes longer over them
      join (from event where seq in (from colliding)) e using (seq) join person p using (person)
    )
    select seq, id, cio_id, cluster, name, happened_at, key, row_number() over same as number, first(id) over same as first_id
    from named window same as (partition by cluster, name, key order by happened_at, id, cio_id)
    -- equivalent mutants [qualify true; > for >=]: only two keys with one hash are told apart by it
    qualify count(*) over (partition by cluster, name, key) > 1`)
  await db.run(raw('drop table repeating'))
  await db.run(raw('drop table colliding'))
}

/**
 * `burst_copy`: events of one person (cluster) and name with the same payload (keys and volatile fields aside).
 * `certain`: at the same moment, to the source's precision. Otherwise within the window of the one before: *likely*,
 * for two taps look the same. Noise is left out.
 *
 * Payloads are compared only where two events of one person and name lie within the window of each other; then each of
 * them has a neighbour in time within the window too.
 */
export async function buildBurstCopies(
  db: Database,
  held: readonly HeldEvent[],
  windowSeconds: number,
): Promise<void> {
  await db.run(sql`
    create temp table candidate as
    with neighbour as (
      select e.seq, e.happened_at, lag(e.happened_at) over timeline as before, lead(e.happened_at) over timeline as after
      from event e join event_name n using (name, type)
      where n.intent is distinct from 'noise'
      window timeline as (partition by e.cluster, e.name order by e.happened_at)
    )
    select seq from neighbour
    -- equivalent mutants [where true; < for <=; or true]: more candidates, of which no more are copies
    where happened_at - before <= to_seconds(${windowSeconds}) or after - happened_at <= to_seconds(${windowSeconds})`)
  await setApart(db, 'compared', 'from candidate')
  await db.run(sql`
    create temp table fingerprint as
    select seq, id, md5(nullif(array_to_string(list_sort(list_transform(
        list_filter(list_zip(json_keys(data), json_extract(data, '$.*')), lambda p: not list_contains(${leftOut(held)}, p[1])),
        lambda p: p[1] || '=' || p[2])), chr(31)), '')) as payload
    from compared`)
  await db.run(raw('drop table compared'))
  await db.run(sql`
    create table burst_copy as
    with payload as (
      select seq, f.id, p.cio_id, e.cluster, e.name, e.happened_at, f.payload
      -- equivalent mutants [where true]: the join leaves out the others too, but takes longer over them
      from fingerprint f join (from event where seq in (from candidate)) e using (seq) join person p using (person)
    ), chained as (
      select *, lag(happened_at) over same as before, lag(id) over same as previous_id
      from payload window same as (partition by cluster, name, payload order by happened_at, id, cio_id)
    )
    select seq, id, cio_id, cluster, name, happened_at, previous_id, happened_at = before as certain
    from chained where happened_at - before <= to_seconds(${windowSeconds})`)
  await db.run(raw('drop table fingerprint'))
  await db.run(raw('drop table candidate'))
}

/** What two copies of one event differ in: its dedupe keys, and what the sender counts or dates anew. */
function leftOut(held: readonly HeldEvent[]): Query {
  const volatile = sql`${volatileProperties}::varchar[]`
  // equivalent mutants [no filter; > for >=]: of the others nothing more is left out, and each is a branch to be tried
  const keyed = held.filter(({ dedupeKeys }) => dedupeKeys.length > 0)
  if (keyed.length === 0) return volatile
  const branches = keyed.map(
    ({ name, dedupeKeys }) => sql`when ${name} then ${[...volatileProperties, ...dedupeKeys]}::varchar[]`,
  )
  return sql`case name ${join(branches, ' ')} else ${volatile} end`
}
