import type { Database } from '../../engine/database.ts'
import { raw, sql } from '../../engine/sql.ts'
import { count, inParts, personsAtOnce } from './parts.ts'

/**
 * People as the newest of the warehouse's files say they are: each file holds what changed since the one before
 * (reference, section 13.1). Those who were deleted or suppressed are nobody's profile any more.
 */
export async function gatherWarehouse(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table warehouse_person as
    select cio_id, arg_max({'id': id, 'email': email, 'created_at': created_at, 'deleted': deleted, 'suppressed': suppressed, 'updated_at': updated_at},
      (coalesce(sequence, 0), coalesce(updated_at, timestamp '1970-01-01'), id, email)) as newest
    from snap.profile where source = 'warehouse-sync' group by cio_id`),
  )
  await db.run(
    raw(`insert into gone
      select cio_id, newest.id, case when newest.suppressed then 'suppressed' else 'deleted' end, newest.updated_at
      from warehouse_person where newest.deleted or newest.suppressed`),
  )
  await db.run(raw('create table warehouse_attributes (cio_id varchar, attributes json)'))
  await inParts(
    db,
    await count(db, 'snap.attribute_change'),
    'cio_id',
    (part) => sql`
    insert into warehouse_attributes
    select cio_id, json_group_object(name, value) from (
      select cio_id, name, arg_max(coalesce(value, ''), (coalesce("at", timestamp '1970-01-01'), coalesce(sequence, 0), coalesce(value, ''))) as value
      from snap.attribute_change
      where ${part} group by cio_id, name
    ) where value <> '' group by cio_id`,
  )
  const people = await count(db, 'warehouse_person')
  await inParts(
    db,
    people,
    'p.cio_id',
    (part) => sql`
    insert into source_record
    select 2, p.cio_id, p.newest.id, coalesce(p.newest.email, a.attributes ->> '$.email'), a.attributes ->> '$.phone', p.newest.created_at,
      coalesce(lower(a.attributes ->> '$.unsubscribed') in ('true', '1'), false), coalesce(a.attributes, '{}'), a.attributes ->> '$.anonymous_id'
    from warehouse_person p left join warehouse_attributes a on a.cio_id = p.cio_id
    where not (p.newest.deleted or p.newest.suppressed)
      and ${part}`,
    personsAtOnce,
  )
  // A person whom the App API still shows is there, whatever an older file said.
  await db.run(raw('delete from gone where cio_id in (select key from source_record)'))
  await db.run(raw('drop table warehouse_person'))
  await db.run(raw('drop table warehouse_attributes'))
}
