import type { Database } from '../../engine/database.ts'
import { raw, sql, type Query } from '../../engine/sql.ts'
import { leaveOutAbsentUsers } from './absent.ts'
import { count, inParts, personsAtOnce } from './parts.ts'

/** The folded address of a trait: what joins an identify without user id to a person. */
const address = `nullif(lower(trim(data ->> '$.email')), '')`

/**
 * People as the identify calls of Pipelines files made them, with priority 4, and without a key yet where no user id
 * names them; each trait as it was set last. `person_call`: who called, by user id, else by e-mail, else (with a phone) by anonymous id.
 */
export async function gatherCalls(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table person_call as
    select rowid as seq, id, kind, anonymous_id, "at", received_at, user_id,
      case when user_id is not null then 'id:' || user_id
        when kind = 'identify' and ${address} is not null then 'email:' || ${address}
        when kind = 'identify' and nullif(trim(data ->> '$.phone'), '') is not null then 'anon:' || anonymous_id
      end as caller
    from snap.call where kind in ('identify', 'user-deleted', 'user-suppressed', 'user-unsuppressed')`),
  )
  await db.run(
    raw(`
    create table identified as
    select caller, count(*) as calls, min("at") as first_at, max("at") as last_at, min(anonymous_id) as anonymous_id, any_value(seq) as seq
    from person_call where kind = 'identify' group by caller`),
  )
  await gatherGone(db)
  await leaveOutAbsentUsers(db)
  // Most people were identified once in the files: what that call says needs no merging.
  await db.run(
    addPeople(
      raw(
        'select i.*, c.data as traits from identified i join snap.call c on c.rowid = i.seq where i.calls = 1',
      ),
    ),
  )
  // A trait that is null takes the attribute away, as a merge patch does.
  const merged = (part: Query): Query => sql`
    with own as (
      select p.caller, list_reduce(list_transform(
          -- Sorted as a list: an aggregate with an order of its own holds a sort for each person, and took twice as long.
          list_sort(list({'at': p."at", 'received_at': p.received_at, 'id': p.id, 'data': c.data})), lambda call: call.data
        ), lambda before, after: json_merge_patch(before, after)) as traits
      from person_call p join snap.call c on c.rowid = p.seq
      where p.kind = 'identify'
        and ${part}
        and p.caller in (select caller from identified where calls > 1) group by p.caller
    )
    select i.*, o.traits from identified i join own o using (caller)`
  const repeated = await count(db, 'person_call')
  await inParts(db, repeated, 'p.caller', (part) => addPeople(merged(part)), personsAtOnce)
  await db.run(raw('drop table identified'))
}

/**
 * The trait `created_at`: ISO 8601, Unix seconds, or milliseconds from twelve digits on. A text with an offset goes through
 * the zoned type, because the plain one leaves the offset out. What is none of them, or lies too far ahead for a calendar,
 * counts as absent: a number of microseconds must not end the audit.
 */
const createdAt = raw(`case
  when regexp_full_match(said[3], '[0-9]{4}[-/].*:.*[+-][0-9:]+') then timezone('UTC', try_cast(said[3] as timestamptz))
  when regexp_full_match(said[3], '[0-9]{4}[-/].*') then try_cast(said[3] as timestamp)
  when abs(try_cast(said[3] as double)) < 1e11 then make_timestamp((try_cast(said[3] as double) * 1e6)::bigint)
  when abs(try_cast(said[3] as double)) < 1e14 then make_timestamp((try_cast(said[3] as double) * 1e3)::bigint) end`)

/** @param people - `identified` with the traits that count, which are read once for all that is asked of them. */
const addPeople = (people: Query): Query => sql`
  insert into source_record
  select 4, case when user_id is not null then coalesce(o.key, caller) end, case when o.by_address then null else user_id end, said[1], said[2],
    coalesce(${createdAt}, first_at),
    coalesce(lower(said[4]) in ('true', '1'), false), traits, case when not starts_with(caller, 'id:') then anonymous_id end
  from (
    select *, case when starts_with(caller, 'id:') then caller[4:] end as user_id,
      json_extract_string(traits, ['$.email', '$.phone', '$.created_at', '$.unsubscribed']) as said from (${people}) people
  ) left join id_owner o on o.id = user_id`

/**
 * Those who were deleted or suppressed, where no other source knows them. An identify brings a deleted person back; of a
 * suppressed one every call is ignored until the identifiers are free again, and freeing them restores nothing (reference,
 * sections 9.1 and 12.3).
 */
async function gatherGone(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table gone_caller as
    select caller, any_value(user_id) as user_id,
      arg_max(kind, ("at", received_at, id)) filter (kind in ('user-suppressed', 'user-unsuppressed')) as barred,
      arg_max(kind, ("at", received_at, id)) filter (kind <> 'user-unsuppressed') as last
    from person_call
    -- equivalent mutants [where true]: the others are left out below, and fill the memory until then
    where caller in (select caller from person_call where kind in ('user-deleted', 'user-suppressed')) group by caller`),
  )
  const known = `(select id from id_owner where id is not null)`
  await db.run(
    raw(`insert into gone
      select caller, user_id, case barred when 'user-suppressed' then 'suppressed' else 'deleted' end, null from gone_caller
      where (barred = 'user-suppressed' or last <> 'identify') and user_id not in ${known}`),
  )
  await db.run(raw('delete from identified where caller in (select cio_id from gone)'))
  // The warehouse has the last word on whom it names, but for somebody who came back after its newest file.
  await db.run(
    raw(`delete from identified i where exists (from gone g where i.caller = 'id:' || g.id and g.id not in ${known}
      and (g.reason = 'suppressed' or g.gone_at is null or g.gone_at >= i.last_at))`),
  )
  await db.run(raw('drop table gone_caller'))
}
