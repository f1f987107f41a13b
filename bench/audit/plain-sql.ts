import { openDatabase, type Database } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'

const files = (folder: string, stream: string): string => `read_parquet('${folder}/*.${stream}.parquet')`

/** Seconds that it takes only to read the JSON of every event. */
export async function scanOfRawJson(folder: string): Promise<number> {
  return await timed((db) => db.rows(raw(`select bit_xor(hash(properties)) from ${files(folder, 'tracks')}`)))
}

/**
 * The first ten rules as one would write each of them by hand, straight over the files: no shared work, no clusters, no
 * evidence, and only the properties of the cart event. What they leave out makes them faster than the rules, not slower.
 */
const queries = (folder: string): Readonly<Record<string, string>> => {
  const tracks = files(folder, 'tracks')
  const identifies = files(folder, 'identifies')
  const device = `event_text = 'Device Created or Updated'`
  const cart = `event_text in ('cart_updated', 'checkout_started')`
  return {
    'attributes/missing': `select count(*) filter (coalesce(traits ->> '$.country', '') = ''), count(*) filter (coalesce(traits ->> '$.push_opt_in', '') = '')
      from (select user_id, arg_max(traits, "timestamp") as traits from ${identifies} group by user_id)`,
    'attributes/wrong-type': `select count(*) filter (not regexp_full_match(traits ->> '$.last_purchase_at', '[0-9]{1,11}')),
        count(*) filter (not regexp_full_match(upper(traits ->> '$.country'), '[A-Z]{2}')), count(*) filter (traits ->> '$.customer_tier' not in ('bronze', 'silver', 'gold'))
      from (select user_id, arg_max(traits, "timestamp") as traits from ${identifies} group by user_id)`,
    'devices/orphaned-token': `select count(*) from (
        select context ->> '$.device.token' as token, max(user_id) as holder from ${tracks} where ${device} group by 1
      ) where holder is null or holder not in (select user_id from ${tracks} where user_id is not null and ${cart})`,
    'devices/shared-token': `select count(*) from (
        select context ->> '$.device.token' as token from ${tracks} where ${device} group by 1 having count(distinct user_id) > 1)`,
    'events/duplicate-burst': `select count(*) from (
        select user_id, event_text, "timestamp" from ${tracks} group by user_id, event_text, "timestamp", json_merge_patch(properties, '{"event_id":null}') having count(distinct id) > 1)`,
    'events/duplicate-key': `select count(*) from (
        select user_id, event_text, properties ->> '$.event_id' as key from ${tracks} group by 1, 2, 3 having count(distinct id) > 1 and key is not null)`,
    'events/missing-critical': `select event_text, count(*) from ${tracks} group by 1`,
    'events/missing-property': `select event_text, count(*) filter (coalesce(properties ->> '$.cart_id', '') = ''), count(*) filter (coalesce(properties ->> '$.cart_value', '') = ''),
        count(*) filter (coalesce(properties ->> '$.currency', '') = ''), count(*) filter (json_type(properties, '$.items') is null),
        count(*) filter (len(list_filter(json_extract_string(properties, '$.items[*].price'), lambda x: x is not null)) < json_array_length(properties, '$.items'))
      from ${tracks} where ${cart} group by 1`,
    'events/wrong-type': `select event_text, count(*) filter (json_type(properties, '$.cart_value') not in ('DOUBLE', 'UBIGINT', 'BIGINT')),
        count(*) filter (json_type(properties, '$.items') <> 'ARRAY'), count(*) filter (not regexp_full_match(properties ->> '$.currency', '[A-Z]{3}')),
        count(*) filter (len(list_filter(json_type(properties, '$.items[*].price'), lambda x: x not in ('DOUBLE', 'UBIGINT', 'BIGINT'))) > 0)
      from ${tracks} where ${cart} group by 1`,
    'identity/duplicate-email': `select count(*) from (
        select lower(trim(traits ->> '$.email')) as email from ${identifies} group by 1 having count(distinct user_id) > 1 and email is not null)`,
  }
}

/** Seconds of each. */
export async function firstTenAlone(folder: string): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {}
  for (const [rule, query] of Object.entries(queries(folder))) {
    seconds[rule] = Number((await timed((db) => db.rows(raw(query)))).toFixed(2))
  }
  return seconds
}

/** With all the memory that the engine wants: the plain way is not held to the audit's bound. */
async function timed(work: (db: Database) => Promise<unknown>): Promise<number> {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  try {
    const started = performance.now()
    await work(db)
    return (performance.now() - started) / 1000
  } finally {
    db.close()
  }
}
