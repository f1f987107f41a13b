import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { volatileProperties } from './vocabulary.ts'

/**
 * `key_copy`: events of one person (cluster) and name that carry the same dedupe key, numbered by time; number 1 is the
 * one that is meant, the others are surplus.
 */
export async function buildKeyCopies(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table key_copy as
    with repeated as (
      -- equivalent mutants [where true]: nulls never join, they are many and only cost time
      select cluster, name, key from event where key is not null group by cluster, name, key having count(*) > 1
    )
    select e.id, e.cio_id, e.cluster, e.name, e.happened_at, e.key,
      row_number() over same as number, first(e.id) over same as first_id
    from event e join repeated r on r.cluster = e.cluster and r.name = e.name and r.key = e.key
    window same as (partition by e.cluster, e.name, e.key order by e.happened_at, e.id)`),
  )
}

/**
 * `burst_copy`: events of one person (cluster) and name with the same payload (keys and volatile fields aside).
 * `certain`: at the same moment, to the source's precision. Otherwise within the window of the one before: *likely*,
 * for two taps look the same. Noise is left out.
 *
 * Payloads are compared only where two events of one person and name lie within the window of each other: a grid of
 * twice the window, laid twice, holds each such pair in one cell.
 */
export async function buildBurstCopies(db: Database, windowSeconds: number): Promise<void> {
  await db.run(sql`
    create temp table candidate as
    with loud as (
      select e.id, e.cluster, e.name, epoch_ms(e.happened_at) // 1000 // ${2 * windowSeconds} as cell,
        (epoch_ms(e.happened_at) // 1000 + ${windowSeconds}) // ${2 * windowSeconds} as shifted
      from event e join event_name n using (name, type) where n.intent is distinct from 'noise'
    ), crowded_cell as (
      -- equivalent mutants [having true; > for >=]: more candidates, of which no more are copies
      select cluster, name, cell from loud group by all having count(*) > 1
    ), crowded_shifted as (
      -- equivalent mutants [having true; > for >=]: more candidates, of which no more are copies
      select cluster, name, shifted from loud group by all having count(*) > 1
    )
    select id from loud join crowded_cell using (cluster, name, cell)
    union
    select id from loud join crowded_shifted using (cluster, name, shifted)`)
  // The payloads of the candidates alone, one row per property, before anything is joined to them.
  await db.run(sql`
    create temp table candidate_property as
    select a.id, a.name, unnest(json_keys(a.data)) as property, unnest(json_extract(a.data, '$.*')) as value
    -- equivalent mutants [where true]: more payloads than are compared
    from snap.activity a where a.id in (select id from candidate)`)
  await db.run(sql`
    create table burst_copy as
    with fingerprint as (
      select p.id, md5(string_agg(p.property || '=' || p.value, chr(31) order by p.property)) as payload
      from candidate_property p left join dedupe_key k on k.name = p.name and k.property = p.property
      where k.property is null and p.property <> all(${volatileProperties}::varchar[]) group by p.id
    ), payload as (
      select e.id, e.cio_id, e.cluster, e.name, e.happened_at, f.payload
      from candidate c join event e on e.id = c.id left join fingerprint f on f.id = c.id
    ), chained as (
      select *, lag(happened_at) over same as before, lag(id) over same as previous_id
      from payload window same as (partition by cluster, name, payload order by happened_at, id)
    )
    select id, cio_id, cluster, name, happened_at, previous_id, happened_at = before as certain
    from chained where happened_at - before <= to_seconds(${windowSeconds})`)
  await db.run(raw('drop table candidate_property'))
  await db.run(raw('drop table candidate'))
}
