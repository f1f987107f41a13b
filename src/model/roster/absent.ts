import type { Database } from '../../engine/database.ts'
import { raw } from '../../engine/sql.ts'
import { sampleKeys, streamNames } from '../../core/tables.ts'

/**
 * Where the App API read everyone, whom it does not name is not in the workspace: merged, deleted, or under another id
 * since. Files still show them, and as profiles of their own they would be duplicates that nobody can find, above all
 * after the duplicates were merged.
 *
 * - An export's row with an id that the API does not know is left out.
 * - `absent_user`: user ids of Pipelines files that nobody has, and of which nothing came after the pull began. `key`: whom
 *   they are taken for, because one person alone holds an address that was given with them; null for nobody, who is `gone`.
 *
 * Files of another workspace look the same, so the report says how many people were left out.
 */
export async function createAbsent(db: Database): Promise<void> {
  await db.run(raw('create table absent_user (user_id varchar, key varchar)'))
  await db.run(raw('create table absent_row (cio_id varchar, id varchar)'))
}

/** Of `source_record`, before people meet by their ids. */
export async function leaveOutAbsentRows(db: Database): Promise<void> {
  if (!(await isEveryoneRead(db))) return
  await db.run(
    raw(`insert into absent_row
      select key, id from source_record where priority = 3 and nullif(id, '') is not null
        and coalesce(key, '') not in (select key from source_record where priority = 1)
        and id not in (select id from source_record where priority = 1 and id is not null)`),
  )
  await db.run(
    raw(`delete from source_record s where priority = 3
      and exists (from absent_row a where a.id = s.id and a.cio_id is not distinct from s.key)`),
  )
}

/** Of `identified`, and of users who were never identified in these files. */
export async function leaveOutAbsentUsers(db: Database): Promise<void> {
  if (!(await isEveryoneRead(db))) return
  await db.run(
    raw(`
    insert into absent_user
    with begun as (
      select max(try_cast(value as timestamp)) as "at" from snap.meta where key = 'pull_started_at'
    ), seen as (
      select user_id, max("at") as last_at from (
        select user_id, "at" from snap.call where user_id is not null
        union all
        select customer_id, "at" from snap.activity where source = 'pipelines' and customer_id is not null
      ) group by user_id
    ), absent as (
      select user_id from seen
      where user_id not in (select id from source_record where id is not null)
        and user_id not in (select id from gone where id is not null)
        and last_at < (select "at" from begun)
    ), given as (
      select user_id, lower(trim(user_id)) as address from absent
      union
      select user_id, lower(trim(data ->> '$.email')) from snap.call
      where kind = 'identify' and user_id in (from absent)
    ), holder as (
      select lower(trim(email)) as address, min(key) as key from source_record
      where priority = 1 and nullif(trim(email), '') is not null group by 1 having count(distinct key) = 1
    )
    select g.user_id, case when count(distinct h.key) = 1 then min(h.key) end
    from given g left join holder h using (address) group by g.user_id`),
  )
  await db.run(
    raw(
      `insert into gone select 'id:' || user_id, user_id, 'deleted', null from absent_user where key is null`,
    ),
  )
  await db.run(raw(`delete from identified where caller in (select 'id:' || user_id from absent_user)`))
}

/** Whom a whole pull of the App API does not name is not in the workspace. */
export async function isEveryoneRead(db: Database): Promise<boolean> {
  const whole = await db.scalar(
    raw(`select exists (from snap.stream where source = 'app-api' and name = '${streamNames.people}' and complete)
      and not exists (from snap.meta where key = '${sampleKeys.wanted}')`),
  )
  return whole === true
}
