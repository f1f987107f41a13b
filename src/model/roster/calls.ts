import type { Database } from '../../engine/database.ts'
import { raw, sql } from '../../engine/sql.ts'
import { count, inParts } from './parts.ts'

/** The folded address of a trait: what joins an identify without user id to a person. */
const address = `nullif(lower(trim(data ->> '$.email')), '')`

/**
 * People as the identify calls of Pipelines files made them, with priority 4 and without a key yet; each trait as it was
 * set last. `person_call`: who called, by user id, else by e-mail, else (with a phone) by anonymous id.
 */
export async function gatherCalls(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table person_call as
    select id, kind, anonymous_id, "at", received_at, data, user_id,
      case when user_id is not null then 'id:' || user_id
        when kind = 'identify' and ${address} is not null then 'email:' || ${address}
        when kind = 'identify' and nullif(trim(data ->> '$.phone'), '') is not null then 'anon:' || anonymous_id
      end as caller
    from snap.call where kind in ('identify', 'user-deleted', 'user-suppressed', 'user-unsuppressed')`),
  )
  await db.run(
    raw(
      `create temp table caller_traits (caller varchar, attributes json, first_at timestamp, anonymous_id varchar)`,
    ),
  )
  await inParts(
    db,
    await count(db, 'person_call'),
    'caller',
    (part) => sql`
    insert into caller_traits
    with own as (
      select * from person_call where kind = 'identify' and caller is not null and ${part}
    ), calls as (
      select caller, count(*) as calls, min("at") as first_at, any_value(data) as data, min(anonymous_id) as anonymous_id from own group by caller
    ), trait as (
      select caller, id, "at", received_at, unnest(json_keys(data)) as name, unnest(json_extract(data, '$.*')) as value
      from own where caller in (select caller from calls where calls > 1)
    ), newest as (
      select caller, name, arg_max(value, ("at", received_at, id)) as value from trait group by caller, name
    ), merged as (
      select caller, json_group_object(name, value::json) as data from newest group by caller
    )
    select c.caller, coalesce(m.data, c.data), c.first_at, c.anonymous_id from calls c left join merged m using (caller)`,
  )
  await gatherGone(db)
  await db.run(
    raw(`
    insert into source_record
    select 4, null, case when starts_with(caller, 'id:') then caller[4:] end, attributes ->> '$.email', attributes ->> '$.phone',
      coalesce(try_cast(attributes ->> '$.created_at' as timestamp), make_timestamp((try_cast(attributes ->> '$.created_at' as double) * 1e6)::bigint), first_at),
      coalesce(lower(attributes ->> '$.unsubscribed') in ('true', '1'), false), attributes,
      case when not starts_with(caller, 'id:') then anonymous_id end
    from caller_traits`),
  )
  await db.run(raw('drop table caller_traits'))
}

/** Those of whom a deletion or suppression is the last that was said, where no other source knows them. */
async function gatherGone(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table gone_caller as
    select caller, any_value(user_id) as user_id, arg_max(kind, ("at", received_at, id)) as last from person_call
    where caller in (select caller from person_call where kind in ('user-deleted', 'user-suppressed')) group by caller`),
  )
  const known = `(select id from source_record where id is not null)`
  await db.run(
    raw(`insert into gone
      select caller, user_id, case last when 'user-deleted' then 'deleted' else 'suppressed' end from gone_caller
      where last in ('user-deleted', 'user-suppressed') and user_id not in ${known}`),
  )
  await db.run(raw('delete from caller_traits where caller in (select cio_id from gone)'))
  await db.run(raw('drop table gone_caller'))
}
