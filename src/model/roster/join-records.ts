import type { Database } from '../../engine/database.ts'
import { raw, sql } from '../../engine/sql.ts'
import { isEveryoneRead } from './absent.ts'
import { count, inParts, personsAtOnce } from './parts.ts'

const folded = `nullif(lower(trim(email)), '')`
const named = `nullif(id, '')`
const number = `nullif(trim(phone), '')`

/**
 * Puts the records of all sources together: they meet by `cio_id`, then by id; by e-mail only where a record has no id
 * and one person alone holds the address, because joining it to one of several would hide that they are two.
 *
 * An identify with a phone and neither id nor e-mail makes no profile in Customer.io. Where another source shows one
 * person with that phone it is theirs, and where it shows several it is left out: as a profile of its own it would be
 * a duplicate that does not exist. So is one with an e-mail address that another source shows on several. A row of an export
 * is a profile, so that one stays.
 */
export async function joinRecords(db: Database): Promise<void> {
  await addBareUsers(db)
  // Whom an identify of old had told an address that is somebody else's by now does not hold it any more.
  await db.run(
    raw(`create table address_owner as
      with held as (
        select ${folded} as address, min(key) filter (priority < 4) as known, max(key) filter (priority < 4) as last_known,
          min(key) as key, max(key) as last_key
        from source_record group by 1
      )
      select address, coalesce(known, key) as key from held where coalesce(known = last_known, key = last_key)`),
  )
  await db.run(
    raw(`create table number_owner as
      select ${number} as number, min(key) as key, count(distinct key) as owners from source_record
      where priority < 4
        -- equivalent mutants [and true; where true; is null for is not null]: of other numbers nobody asks whose they are
        and ${number} in (select ${number} from source_record where key is null) group by 1`),
  )
  await db.run(
    raw(`delete from source_record where priority = 4 and key is null and ${folded} is null
      and ${number} in (select number from number_owner where owners > 1)`),
  )
  await db.run(
    raw(`delete from source_record where priority = 4 and key is null and ${folded} in (
      select ${folded} from source_record where priority < 4
        -- equivalent mutants [and true]: of other addresses nobody asks whose they are
        and ${folded} in (select ${folded} from source_record where priority = 4 and key is null)
      group by 1 having count(distinct key) > 1)`),
  )
  await db.run(
    raw(`update source_record s set key = coalesce(
        (select o.key from address_owner o where o.address = nullif(lower(trim(s.email)), '')),
        'email:' || nullif(lower(trim(s.email)), ''), (select o.key from number_owner o where o.owners = 1 and o.number = nullif(trim(s.phone), '')),
        'anon:' || s.anonymous_id, 'phone:' || s.phone)
      where s.key is null`),
  )
  await db.run(
    raw(`create table merged_record (
      cio_id varchar, id varchar, email varchar, phone varchar, created_at timestamp, unsubscribed boolean,
      attributes json, anonymous_id varchar)`),
  )
  await db.run(
    raw(`create table met_key as
      select key from source_record where key is not null group by key having count(*) > 1`),
  )
  // Whom one source alone knows is read where it lies.
  await db.run(
    raw(`
    create temp view record as
    select key as cio_id, ${named} as id, nullif(email, '') as email, nullif(phone, '') as phone, created_at, unsubscribed,
      attributes, anonymous_id
    from source_record where key is not null and key not in (from met_key)
    union all from merged_record`),
  )
  // The source that knows best comes first; of two records of one source (an export twice) the order is by what they say.
  const best = (column: string): string => `arg_min(${column}, (priority, ${column}))`
  await inParts(
    db,
    await count(db, 'source_record'),
    'key',
    (part) => sql`
    insert into merged_record
    select key, ${raw(best(named))}, ${raw(best(`nullif(email, '')`))}, ${raw(best(`nullif(phone, '')`))}, ${raw(best('created_at'))},
      ${raw(best('unsubscribed'))},
      list_reduce(list(attributes order by priority desc, attributes), lambda lower, upper: json_merge_patch(lower, upper)),
      min(anonymous_id)
    from source_record where key in (from met_key) and ${part} group by key`,
    personsAtOnce,
  )
  await buildKeys(db)
  for (const table of ['id_owner', 'address_owner', 'number_owner', 'person_call'])
    await db.run(raw(`drop table ${table}`))
}

/**
 * `id_owner`: whom an id means, of the sources that name people by `cio_id`. Made before the calls are gathered, so that
 * those come with their key: to give it to a million records that lie there held each of them twice. `by_address`: it is no
 * id but the address by which the person goes.
 */
export async function joinByIds(db: Database): Promise<void> {
  await db.run(
    raw(`create table id_owner as
      select id, min(key) as key, false as by_address from source_record group by id`),
  )
  await db.run(
    raw(`update source_record s set key = coalesce((select o.key from id_owner o where o.id = s.id), 'id:' || s.id)
      where s.key is null and nullif(s.id, '') is not null`),
  )
  if (!(await isEveryoneRead(db))) await joinByAddress(db)
}

/**
 * Where a shop knows its people by e-mail its calls have the address for a user id: Customer.io tells by the shape what an
 * identifier is (reference, section 9.1). As ids they would make everybody twice. Only whom no source gives an id, and who
 * alone holds the address, is meant. (Beside a whole pull of the App API `absent.ts` asks the same of whom it does not name.)
 */
async function joinByAddress(db: Database): Promise<void> {
  await db.run(
    raw(`
    insert into id_owner
    with caller as (
      select user_id, lower(trim(user_id)) as address from (
        select user_id from snap.call where contains(user_id, '@')
        union select customer_id from snap.activity where source = 'pipelines' and contains(customer_id, '@')
      )
      where user_id not in (select id from id_owner where id is not null)
    ), holder as (
      select address, min(key) as key from (
        select ${folded} as address, coalesce(key, 'email:' || ${folded}) as key, ${named} as id from source_record
      )
      where address in (select address from caller)
      group by 1 having count(distinct key) = 1 and count(id) = 0
    )
    select c.user_id, h.key, true from caller c join holder h using (address)`),
  )
}

/** Users who did something and were never identified in these files: all that is known of them is their id. */
async function addBareUsers(db: Database): Promise<void> {
  await db.run(
    raw(`
    insert into source_record (priority, key, id, attributes)
    select 5, 'id:' || user_id, user_id, '{}' from (
      select distinct customer_id as user_id from snap.activity
      union select user_id from snap.call where kind = 'device'
    )
    where user_id not in (select id from source_record where id is not null)
      and user_id not in (select id from gone where id is not null)
      and user_id not in (select user_id from absent_user)
      and user_id not in (select id from id_owner where by_address)`),
  )
}

/**
 * Which person a user id means, and which an anonymous id: the first who was identified with it (reference, section 12.1).
 * Who was deleted and came back under the same id is there, as far as a source names the new profile by its own `cio_id`.
 */
async function buildKeys(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table user_key as
    select id as user_id, coalesce(min(cio_id) filter (is_there), min(cio_id)) as key from (
      select id, cio_id, cio_id <> 'id:' || id as is_there from record union all select id, cio_id, false from gone
      union all select user_id, key, true from absent_user where key is not null
      union all select id, key, true from id_owner where by_address
    ) group by id`),
  )
  await db.run(raw('create table anonymous_key (anonymous_id varchar, key varchar, by_user_id boolean)'))
  await inParts(
    db,
    await count(db, 'person_call'),
    'c.anonymous_id',
    (part) => sql`
    insert into anonymous_key
    with claimed as (
      select c.anonymous_id, c."at", coalesce(u.key, o.key, n.key, c.caller) as key, c.user_id is not null as by_user_id
      from person_call c left join user_key u on u.user_id = c.user_id
      left join address_owner o on 'email:' || o.address = c.caller
      left join (select 'anon:' || anonymous_id as caller, key from source_record where priority = 4 and ${raw(folded)} is null) n
        on n.caller = c.caller
      where c.kind = 'identify' and c.caller is not null and c.anonymous_id is not null and ${part}
    )
    select anonymous_id, arg_min(key, ("at", key)) as key, arg_min(by_user_id, ("at", key)) as by_user_id
    from claimed group by anonymous_id`,
    personsAtOnce,
  )
}
