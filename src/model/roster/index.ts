import type { Database } from '../../engine/database.ts'
import { raw } from '../../engine/sql.ts'
import { leaveOutAbsentRows } from './absent.ts'
import { buildFileHolders } from './holders.ts'
import { gatherCalls } from './calls.ts'
import { joinByIds, joinRecords } from './join-records.ts'
import { gatherWarehouse } from './warehouse.ts'

/**
 * Who there is, from whatever sources are in the snapshot:
 *
 * - `record`: one row per person, what all sources say put together; named by `cio_id`, or where no source knows that
 *   by `id:…`, `email:…` or `anon:…` (contracts, section 5).
 * - `user_key`, `anonymous_key`: which person a user id or an anonymous id of Pipelines files means.
 * - `gone`: people who were deleted or suppressed, with the reason, and when, where that is known.
 * - `absent_user`, `absent_row`: whom files show and a whole pull of the App API does not (see `absent.ts`).
 * - `holding`: who holds which device token.
 * - `device_call`: the calls of Pipelines files about devices, with the person that each means; empty without files.
 *
 * With the App API alone all of it is what the API says.
 */
export async function buildRoster(db: Database): Promise<void> {
  await db.run(raw('create table gone (cio_id varchar, id varchar, reason varchar, gone_at timestamp)'))
  if (await isApiAlone(db)) {
    await db.run(
      raw(`create temp view record as
        select cio_id, id, email, phone, created_at, unsubscribed, attributes, attributes ->> '$.anonymous_id' as anonymous_id from snap.profile`),
    )
    await db.run(
      raw(
        'create temp view holding as select cio_id, token, platform, last_used, attributes from snap.device',
      ),
    )
    await db.run(
      raw(`create table device_call (
        seq bigint, id varchar, kind varchar, token varchar, anonymous_id varchar, "at" timestamp, received_at timestamp, key varchar)`),
    )
    return
  }
  await db.run(
    // On disk, as `merged_record` is: in memory the attributes of a million people are half a gigabyte.
    raw(`create table source_record (
      priority integer, key varchar, id varchar, email varchar, phone varchar, created_at timestamp, unsubscribed boolean,
      attributes json, anonymous_id varchar)`),
  )
  await db.run(
    raw(`insert into source_record
      select 1, cio_id, id, email, phone, created_at, unsubscribed, attributes, attributes ->> '$.anonymous_id'
      from snap.profile where source = 'app-api'`),
  )
  await gatherWarehouse(db)
  await db.run(
    raw(`insert into source_record
      select 3, cio_id, id, email, phone, created_at, unsubscribed, attributes, attributes ->> '$.anonymous_id'
      from snap.profile where source = 'people-export'
        -- A cio_id is given once: an export that still shows a deleted one was made before.
        and coalesce(cio_id, '') not in (select cio_id from gone)`),
  )
  await leaveOutAbsentRows(db)
  await joinByIds(db)
  await gatherCalls(db)
  await joinRecords(db)
  await buildFileHolders(db)
}

/** What later steps have made tables of their own of. */
export async function dropRoster(db: Database): Promise<void> {
  for (const table of [
    'source_record',
    'merged_record',
    'met_key',
    'user_key',
    'anonymous_key',
    'holding_of_sources',
  ]) {
    await db.run(raw(`drop table if exists ${table}`))
  }
}

/** Nothing from files, and nobody twice: then what the API said can be read where it lies. */
async function isApiAlone(db: Database): Promise<boolean> {
  const others = await db.scalar(
    raw(`select (select count(*) from snap.call) + (select count(*) from snap.attribute_change)
      + (select count(*) from snap.profile where source <> 'app-api')
      + (select count(*) from snap.activity where source = 'pipelines')
      + (select count(*) - count(distinct cio_id) from snap.profile)`),
  )
  return Number(others) === 0
}
