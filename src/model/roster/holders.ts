import type { Database } from '../../engine/database.ts'
import { raw, sql } from '../../engine/sql.ts'
import { count, inParts, personsAtOnce } from './parts.ts'

/**
 * Who holds which token. The App API says it for now, so where it is connected it alone counts. From Pipelines files a
 * person holds a token when the last that was said of the two is `Device Created or Updated` (catalogue, section 0).
 *
 * A token that was only ever seen with an anonymous id, although that anonymous id was identified later, sits on an
 * anonymous profile of its own: nobody can be messaged on it. Visitors whom nobody ever identified are left out.
 */
export async function buildFileHolders(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table device_call as
    select c.seq, c.id, c.kind, c.token, c.anonymous_id, c."at", c.received_at,
      -- Whom no user id names is known by the anonymous id itself; to others the device must be registered after login.
      coalesce(u.key, case when c.user_id is null and not a.by_user_id then a.key end) as key
    from (
      select rowid as seq, * replace (coalesce(token, data ->> '$.token') as token) from snap.call where kind in ('device', 'device-deleted')
    ) c
    left join user_key u on u.user_id = c.user_id
    left join anonymous_key a on a.anonymous_id = c.anonymous_id
    where c.token is not null`),
  )
  await db.run(
    raw(`create table holding_of_sources (
      cio_id varchar, token varchar, platform varchar, last_used timestamp, attributes json)`),
  )
  await db.run(raw('create temp view holding as from holding_of_sources'))
  await db.run(
    raw(
      'insert into holding_of_sources select cio_id, token, platform, last_used, attributes from snap.device',
    ),
  )
  const isApi = Number(await db.scalar(raw(`select count(*) from snap.profile where source = 'app-api'`))) > 0
  if (!isApi) await addCallers(db)
  await addAnonymousHolders(db)
}

async function addCallers(db: Database): Promise<void> {
  // By hashes: the tokens themselves are as long as a payload, and one seen in error only makes a device look fresher.
  await db.run(
    raw(`
    create table token_used as
    select hash(token) as token_hash, max("at") as last_used from snap.activity group by 1`),
  )
  await inParts(
    db,
    await count(db, 'device_call'),
    'key',
    (part) => sql`
    insert into holding_of_sources
    with last_call as (
      select key, token, max("at") as last_used, arg_max(seq, ("at", received_at, id)) as seq
      from device_call
      where key is not null
        and ${part} group by key, token
    )
    select l.key, l.token, c.platform, greatest(l.last_used, u.last_used),
      json_merge_patch(json_object('app_version', c.app_version, 'cio_sdk_version', c.sdk_version), c.data)
    from last_call l join snap.call c on c.rowid = l.seq left join token_used u on u.token_hash = hash(l.token)
    where c.kind = 'device'`,
    personsAtOnce,
  )
  await db.run(raw('drop table token_used'))
}

async function addAnonymousHolders(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table anonymous_token as
    select token, arg_max(anonymous_id, ("at", anonymous_id)) as anonymous_id, max("at") as last_used, arg_max(seq, ("at", id)) as seq
    from device_call where kind = 'device' and anonymous_id in (select anonymous_id from anonymous_key)
      and token not in (select token from device_call where key is not null) and token not in (select token from holding)
    group by token`),
  )
  await db.run(
    raw(`delete from anonymous_token where token in (
      select token from snap.activity where customer_id is not null
        -- equivalent mutants [and true]: all others are in vain, and fill the memory
        and token in (select token from anonymous_token))`),
  )
  await db.run(
    raw(
      `insert into holding_of_sources
        select 'anon:' || t.anonymous_id, t.token, c.platform, t.last_used, c.data
        from anonymous_token t join snap.call c on c.rowid = t.seq`,
    ),
  )
  await db.run(
    raw(`insert into merged_record (cio_id, anonymous_id, unsubscribed, attributes)
      select distinct 'anon:' || anonymous_id, anonymous_id, false, '{}'::json from anonymous_token
      where 'anon:' || anonymous_id not in (select cio_id from record)`),
  )
  await db.run(raw('drop table anonymous_token'))
}
