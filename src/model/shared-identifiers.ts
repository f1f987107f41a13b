import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql, type Query } from '../engine/sql.ts'
import { trimmed } from './addresses.ts'

/** What may say that two profiles are one person, strongest first. A weaker one is only heard after the stronger ones. */
export const evidences = ['email', 'id-as-email', 'id-spelling', 'id-core', 'phone', 'token'] as const
export type Evidence = (typeof evidences)[number]

export const strengthOf = (evidence: Evidence): number => evidences.indexOf(evidence)

/**
 * `shared_identifier`: what two and more profiles hold, a row for each holder.
 *
 * - `strength`, `evidence`: position in `evidences`, and the name there.
 * - `value`: in its normal form. For `id-core` the digits (or the long hash) of the id and the second identifier.
 * - `holders`: how many profiles hold it.
 * - `guard`: why it joins nobody, or null: `placeholder`, `role-mailbox`, or `mass` (more holders than `maxShare`).
 */
export async function buildSharedIdentifiers(db: Database, settings: Settings): Promise<void> {
  await db.run(
    raw(`create table shared_identifier (
      strength integer, evidence varchar, value varchar, cio_id varchar, holders bigint, guard varchar)`),
  )
  await db.run(cores)
  await db.run(caseMatters)
  for (const evidence of [...alone, 'id-core' as const]) {
    await db.run(sql`
      insert into shared_identifier
      with held as (${holdersBy[evidence]}), repeated as (
        select value, count(*) as holders from held group by value having count(*) > 1
      )
      select ${strengthOf(evidence)}, ${evidence}, value, cio_id, holders,
        coalesce(guard, case when holders > ${settings.identity.maxShare} then 'mass' end)
      from held join repeated using (value)`)
  }
  await db.run(raw('drop table id_core'))
  await db.run(raw('drop table id_case'))
}

const alone = evidences.filter((evidence) => evidence !== 'id-core')

/**
 * Ids that are equal without leading zeros, or without the prefix of the system that made them (`shop-1042`, `1042`).
 * A prefix ends with a separator, and behind it stands a number of three and more digits, a UUID or a long hash:
 * `ana-lee` and `bo-lee` are two people, and so, mostly, are number 7 of one system and number 7 of another.
 */
const cores = raw(`
  create temp table id_core as
  with bare as (
    -- The first part of a UUID is no prefix.
    select cio_id, id_norm, case when length(id_norm) = 36 and id_norm[9] = '-' then id_norm
      else regexp_replace(id_norm, '^[a-z][a-z0-9]{0,15}[-_:/|.#]+', '') end as bare
    from profile where id_known
  ), cored as (
    select cio_id, id_norm, ltrim(bare, '0') as core from bare
    where regexp_full_match(ltrim(bare, '0'), '[0-9]+|[0-9a-z]{20,}|[0-9a-f]{1,8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
      and (bare = id_norm or length(ltrim(bare, '0')) > 2)
  ), varied as (
    select core from cored group by core having min(id_norm) <> max(id_norm)
  )
  select core, p.cio_id, p.email_norm, p.email_variant, p.email_joins, p.phone_norm
  from varied join cored using (core) join profile p using (cio_id)`)

/** So many ids that differ in case alone must have different addresses, and so many of those that have addresses at all. */
const leastCased = 10
const casedShare = 0.9

/**
 * `id_case`: one row, whether the case of ids tells people apart. Short ids of Salesforce and others count through capitals and
 * small letters, so neighbours differ in case alone; what has no address would be joined with a stranger. Hash values, UUIDs
 * and addresses never do that.
 */
const caseMatters = sql`
  create temp table id_case as
  with repeated as (
    select id_norm from profile where id_known and not regexp_full_match(id_norm, '[0-9a-f-]+|.*@.*') group by id_norm having count(*) > 1
  ), cased as (
    select count(distinct email_variant) filter (email_joins) > 1 as differ, count(*) filter (email_joins) > 1 as addressed
    from profile where id_norm in (from repeated) group by id_norm having count(distinct ${trimmed('id')}) > 1
  )
  select count(*) filter (differ) >= greatest(${leastCased}, ${casedShare} * count(*) filter (addressed)) as matters from cased`

/** What everybody has, as the number of a till, agrees with nobody's id in particular. */
const guarded = (evidence: Evidence): string =>
  `(select value from shared_identifier where evidence = '${evidence}' and guard is not null)`

/** Each gives `value`, `cio_id` and `guard`, and no profile twice for one value; a value that is null is none. `id-core` comes last. */
const holdersBy: Readonly<Record<Evidence, Query>> = {
  email: raw(`
    select email_norm as value, cio_id,
      case when not email_joins then case when email_norm in (from placeholder) then 'placeholder' else 'role-mailbox' end end as guard
    from profile`),
  'id-as-email': raw(`
    select distinct e.email_norm as value, unnest([i.cio_id, e.cio_id]) as cio_id, case when not e.email_joins then 'role-mailbox' end as guard
    from profile i join profile e on e.email_norm = i.id_norm where i.email_norm is null and i.id_known`),
  'id-spelling': sql`
    select case when id_known and (select matters from id_case) then ${trimmed('id')} else id_norm end as value, cio_id,
      case when not id_known then 'placeholder' end as guard
    from profile where id_known or id_norm in (from placeholder)`,
  'id-core': raw(`
    select core || ' ' || phone_norm as value, cio_id, null as guard from id_core where phone_norm not in ${guarded('phone')}
    union all
    select core || ' ' || email_variant, cio_id, null from id_core where email_joins and email_norm not in ${guarded('email')}
    union all
    select core || ' ' || token, cio_id, null from id_core join device using (cio_id)
    where well_formed and token not in ${guarded('token')}`),
  phone: raw(`
    select phone_norm as value, cio_id, case when phone_norm in (from placeholder) then 'placeholder' end as guard
    from profile`),
  token: raw(`
    select token as value, cio_id, null as guard from held_device where well_formed`),
}
