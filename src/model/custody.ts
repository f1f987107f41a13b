import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/**
 * `token_custody`: who had a token, and when; one row for each time that a profile had it. Only tokens that somebody holds
 * now and that two and more profiles had are looked into: of the others there is nothing to tell.
 *
 * - `from_at`, `last_at`: the first and the last time that this profile was seen with it; null where nothing but its end was seen.
 * - `until_at`: when it was taken off the profile again, else null.
 * - `began`: `registered` where the device was added or said to be this person's then, `seen` where they had it by then.
 * - `origin`: what tells of it first: `device-call` (Pipelines: `Device Created or Updated`, `Device Deleted`), `context` (a
 *   call that named user and token), `device-change` (App API, 30 days), `last-used` (App API: when this profile's device was used last).
 *
 * `former_holder`: of such a token the last profile that it was taken off and that has not got it back.
 *
 * Nothing is made up: a source that is missing or was cut off leaves fewer rows, and rules then claim less.
 */
export async function buildCustody(db: Database): Promise<void> {
  await gatherChanges(db)
  // By hashes: tokens are as long as a payload, and two texts for each of a million tokens were 200 MB. Two in a million
  // that met would make a history unsure, and no finding.
  await db.run(
    raw(`
    create temp table contested as
    with had as (
      select hash(token) as token_hash, hash(cio_id) as holder from device
      union all select token_hash, hash(cio_id) from device_change
      union all select hash(token), hash(key) from device_call where key is not null
    )
    select token_hash from had where token_hash in (select hash(token) from device where well_formed)
    group by token_hash having min(holder) <> max(holder)`),
  )
  await db.run(
    raw(`create temp table custody_point (
      token_hash ubigint, cio_id varchar, "at" timestamp, arrived timestamp, id varchar, act varchar, origin varchar)`),
  )
  await gatherPoints(db)
  await db.run(
    raw(`
    create table token_custody as
    with turn as (
      -- A deletion ends a turn; whatever comes after it begins another one. Not count(*) with a filter: the engine (1.5.6)
      -- counts it row by row for each row, 17 s for the 200,000 of one token and nothing that can be seen so.
      select *, count(case act when 'deleted' then 1 end) over (partition by token_hash, cio_id order by "at", arrived, id, act
        rows between unbounded preceding and 1 preceding) as number
      from custody_point where "at" is not null
    ), told as (
      select token_hash, cio_id, min("at") filter (act <> 'deleted') as from_at, max("at") filter (act <> 'deleted') as last_at,
        max("at") filter (act = 'deleted') as until_at,
        arg_min(act, ("at", act, origin)) filter (act <> 'deleted') as began, arg_min(origin, ("at", act, origin)) as origin
      from turn group by token_hash, cio_id, number
    )
    select d.token, t.cio_id, t.from_at, t.last_at, t.until_at, t.began, t.origin
    from told t join (select distinct token, hash(token) as token_hash from device) d using (token_hash)`),
  )
  await db.run(
    raw(`
    create table former_holder as
    select token, max_by(cio_id, (until_at, cio_id)) as cio_id, max(until_at) as until_at from token_custody
    where until_at is not null and (token, cio_id) not in (select (token, cio_id) from device) group by token`),
  )
  for (const table of ['contested', 'custody_point', 'device_change', 'device_call'])
    await db.run(raw(`drop table ${table}`))
}

/**
 * `device_change` activities of the App API. Their data is not documented. Seen in public: a changed field is
 * `{"from", "to"}` (customerio-reactnative, issue 221). Assumed: the token stands in `id` or `token`; an empty `from` means that
 * the field was not there, as in `attribute_change`; `deleted` turning true is a removal. What reads otherwise is left out.
 * A device is new when none of its fields was there and the SDK's own `device_os` or `device_model` is among them: an
 * SDK that learns to send one more field changes that field alone. Fields that begin with `_` are Customer.io's own and
 * say nothing about who holds the phone.
 */
async function gatherChanges(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table device_change as
    with said as (
      select id, cio_id, "at", coalesce(data ->> '$.id', data ->> '$.token') as token, data ->> '$.deleted.to' = 'true' as deleted,
        -- Names come from outside, so none of them becomes part of a path.
        list_filter(list_transform(list_zip(json_keys(data), json_extract(data, '$.*')), lambda field: {'name': field[1], 'change': field[2]}),
          lambda field: not starts_with(field.name, '_') and json_exists(field.change, '$.to')) as fields
      from snap.activity
      where type = 'device_change' and cio_id is not null
    ), read as (
      select *, list_bool_and(list_transform(fields, lambda field: coalesce(field.change ->> '$.from', '') = '')) as added,
        list_transform(fields, lambda field: field.name) as names
      from said
    )
    select hash(token) as token_hash, cio_id, "at", id,
      case when deleted then 'deleted' when added and list_has_any(names, ['device_os', 'device_model']) then 'registered' else 'seen' end as act
    from read where deleted or len(fields) > 0`),
  )
}

/** `custody_point`: everything that tells who had a contested token at some moment. No contested token is null. */
async function gatherPoints(db: Database): Promise<void> {
  const isContested = (token: string): string => `hash(${token}) in (select token_hash from contested)`
  await db.run(
    raw(`
    insert into custody_point
    select token_hash, cio_id, "at", null, id, act, 'device-change' from device_change where token_hash in (select token_hash from contested)
    union all
    select hash(token), key, "at", received_at, id, case kind when 'device' then 'registered' else 'deleted' end, 'device-call'
    from device_call where key is not null and ${isContested('token')}
    union all
    select hash(token), cio_id, last_used, null, null, 'seen', 'last-used' from snap.device
    where ${isContested('token')}`),
  )
  const hasCalls = await db.scalar(raw('select exists (from device_call)'))
  if (hasCalls !== true) return
  // The first and the last use by each user are enough, and however much they did there are only two.
  await db.run(
    raw(`
    insert into custody_point
    with used as (
      select hash(token) as token_hash, customer_id, min("at") as first_at, max("at") as last_at from snap.activity
      where ${isContested('token')} group by 1, customer_id
    )
    select token_hash, u.key, unnest([first_at, last_at]), null, null, 'seen', 'context'
    from used join user_key u on u.user_id = used.customer_id`),
  )
}
