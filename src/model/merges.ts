import type { Database } from '../engine/database.ts'
import { raw, sql, type Query } from '../engine/sql.ts'
import { count, inParts, personsAtOnce } from './roster/parts.ts'

/**
 * `merge_suggestion`: every profile of a cluster that is not its survivor, with what a merge into the survivor would lose.
 *
 * - `conflicts`: names of attributes that both have with different values; a merge keeps the primary's. A consent that
 *   differs (`unsubscribed`) is always one, because somebody who left would be written to again.
 * - `review`: why somebody should look first: `evidence` (joined by a phone or a device, which change hands), `id` (the
 *   secondary has one, and whoever sends it next makes the profile anew), `devices` and `history` (both have them),
 *   `shared-device` (people outside the cluster hold a device of the secondary), `attributes` (conflicts), `source` (the
 *   App API, which alone shows all of this, is not connected).
 *
 * `merge_device`: well-formed devices of a secondary that its primary does not hold. Customer.io does not say that a merge
 * carries devices over, so they have to be added to the primary.
 *
 * Visitors without an identifier and profiles that only an e-mail names are left out: a merge could not say whom it means.
 */
export async function buildMerges(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table merge_pair as
    select p.cluster, p.cio_id as "primary", s.cio_id as secondary
    from mate p join mate s using (cluster)
    where p.place = 1 and s.place > 1 and ${nameable('p.cio_id')} and ${nameable('s.cio_id')}`),
  )
  await db.run(raw('create temp table conflict ("primary" varchar, secondary varchar, name varchar)'))
  await db.run(
    raw(`
    create temp table merging as
    select cluster, "primary", "primary" as cio_id from merge_pair
    union
    select cluster, "primary", secondary from merge_pair`),
  )
  await inParts(db, await count(db, 'merging'), 'cluster', conflicts, personsAtOnce)
  await db.run(identifierConflicts)
  await db.run(raw('drop table merging'))
  await db.run(
    raw(`
    create table merge_device as
    select p."primary", p.secondary, d.token, d.platform, d.last_used, h.attributes
    from merge_pair p join device d on d.cio_id = p.secondary
    join (
      select cio_id, token, min(attributes::varchar) as attributes from holding
      -- equivalent mutants [where true]: the join leaves out the others too, but takes longer over them
      where cio_id in (select secondary from merge_pair) group by cio_id, token
    ) h
      on h.cio_id = d.cio_id and h.token = d.token
    where d.well_formed and not exists (from device own where own.cio_id = p."primary" and own.token = d.token)`),
  )
  await db.run(suggestions)
  await db.run(raw('drop table merge_pair'))
  await db.run(raw('drop table conflict'))
}

/** A `cio_id`, or where a source knows none the id. */
const nameable = (column: string): string => `not regexp_matches(${column}, '^(email|anon|phone):')`

/** What every profile has of its own, or what a merge is decided by elsewhere. */
const ownNames = ['id', 'cio_id', 'email', 'phone', 'created_at', 'anonymous_id', 'unsubscribed']

const conflicts = (part: Query): Query => sql`
  insert into conflict
  with spoken as (
    -- Few profiles merge: they are the side that is kept in memory, and the attributes pass by.
    select m.cluster, m."primary", m.cio_id, unnest(json_keys(r.attributes)) as name,
      trim(unnest(json_extract_string(r.attributes, '$.*'))) as value
    from record r join (from merging where ${part}) m on m.cio_id = r.cio_id
  ), beside as (
    select *, max(value) filter (cio_id = "primary") over (partition by cluster, name) as kept from spoken
    where value <> '' and name not in (select unnest(${ownNames}::varchar[])) and not starts_with(name, '_')
  )
  select "primary", cio_id, name from beside where value <> kept`

const identifierConflicts = raw(`
  insert into conflict
  select p."primary", p.secondary, unnest(list_filter([
      case when a.email_norm <> b.email_norm then 'email' end,
      case when trim(a.phone) <> '' and trim(b.phone) <> '' and trim(a.phone) <> trim(b.phone)
        and coalesce(a.phone_norm <> b.phone_norm, true) then 'phone' end,
      case when a.unsubscribed <> b.unsubscribed then 'unsubscribed' end], lambda name: name is not null))
  from merge_pair p join profile a on a.cio_id = p."primary" join profile b on b.cio_id = p.secondary`)

const suggestions = raw(`
  create table merge_suggestion as
  with conflicting as (
    select "primary", secondary, list(name order by name) as names from conflict group by "primary", secondary
  ), shared as (
    select distinct secondary from merge_device join device using (token) where state = 'shared'
  )
  select p.cluster, p."primary", a.id as primary_id, a.email as primary_email, p.secondary, b.id as secondary_id,
    b.email as secondary_email, b.place, r.joined_by, v.reason as kept_because, coalesce(c.names, []) as conflicts,
    list_filter([
      case when a.firm <> b.firm then 'evidence' end,
      case when b.id <> '' then 'id' end,
      case when a.has_device and b.has_device then 'devices' end,
      case when x.secondary is not null then 'shared-device' end,
      case when a.has_events and b.has_events then 'history' end,
      case when c.names is not null then 'attributes' end,
      case when not exists (from snap.profile where source = 'app-api') then 'source' end
    ], lambda reason: reason is not null) as review
  from merge_pair p
  join mate a on a.cio_id = p."primary" join mate b on b.cio_id = p.secondary
  join survivor v on v.cluster = p.cluster join profile_reason r on r.cio_id = p.secondary
  left join conflicting c on c.secondary = p.secondary
  left join shared x on x.secondary = p.secondary`)
