import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'

/** Where the App API tells of a changed device; which of the names it uses is not documented (reference, section 4.4). */
const tokenOf = `coalesce(a.data ->> '$.id', a.data ->> '$.token', a.data ->> '$.device_id', a.data ->> '$.device.token', a.data ->> '$.device.id')`
const fields = ['app_version', 'cio_sdk_version'] as const

/**
 * `version_flap`: tokens whose version went back to one that it had left before, with `returns`, how often it did.
 *
 * A version is compared only with what the same source said in the same place: the SDK names its own version in its
 * device calls and that of a library in its context, and those two differ on every healthy phone. Over the App API each
 * profile that holds a token is looked at by itself, since a device record of somebody else is updated at another time.
 */
export async function buildVersionFlaps(db: Database, since: Date, until: Date): Promise<void> {
  await db.run(
    raw(
      'create table version_seen (series varchar, token varchar, field varchar, "at" timestamp, tie varchar, step integer, version varchar)',
    ),
  )
  const inWindow = sql`"at" between ${since}::timestamp and ${until}::timestamp`
  await db.run(changesOfApi(inWindow))
  // By hashes: the tokens of a million devices are as long as their payloads, and most are registered once.
  await db.run(sql`
    create table called_again as
    select hash(coalesce(token, data ->> '$.token')) as token_hash from snap.call
    -- equivalent mutants [where true; having true; > for >=]: with fewer calls no version comes back, looking takes time
    where kind = 'device' group by 1 having count(*) > 2`)
  await db.run(callsOfFiles(inWindow))
  await db.run(raw('drop table called_again'))
  await contextsOfFiles(db, inWindow)
  await db.run(
    raw(`
    create table version_flap as
    with ordered as (
      select *, row_number() over own as place, lag(version) over own as before from version_seen
      where trim(version) <> ''
      window own as (partition by series, token, field order by "at", tie, step, version)
    ), known as (
      select *, min(place) over (partition by series, token, field, version) as first_place from ordered
    ), counted as (
      select series, token, field, count(*) filter (before <> version and first_place < place) as returns,
        list(distinct version) as versions, min("at") as first_at, max("at") as last_at
      from known group by series, token, field
    )
    select token, field, max(returns) as returns, array_to_string(list_sort(list_distinct(flatten(list(versions)))), ', ') as versions,
      min(first_at) as first_at, max(last_at) as last_at
    from counted where returns > 0 group by token, field`),
  )
  await db.run(raw('drop table version_seen'))
}

/** A change that names no token is one of the only device that its person has. */
const changesOfApi = (inWindow: Query): Query => sql`
  insert into version_seen
  with change as (
    select a.cio_id, a."at", a.id, ${raw(tokenOf)} as named, a.data from snap.activity a
    where a.type = 'device_change' and ${inWindow}
  ), alone as (
    select cio_id, any_value(token) as token from device
    -- equivalent mutants [where true]: of others nobody asks which device is theirs, and their tokens fill the memory
    where cio_id in (select cio_id from snap.activity where type = 'device_change') group by cio_id having count(*) = 1
  ), placed as (
    select c.cio_id, c."at", c.id, coalesce(c.named, o.token) as token, c.data
    from change c left join alone o using (cio_id)
  ), told as (
    select *, unnest([${join(
      fields.map((field) =>
        raw(
          `{'field': '${field}', 'change': coalesce(data -> '$.${field}', data -> '$.attributes.${field}')}`,
        ),
      ),
      ', ',
    )}]) as t from placed where token is not null
  )
  select 'api ' || cio_id, token, t.field, "at", id, unnest([0, 1]), unnest([t.change ->> '$.from', t.change ->> '$.to'])
  from told`

/** What the SDK says of itself when it registers the device. Of one version there is nothing to tell. */
const callsOfFiles = (inWindow: Query): Query => sql`
  insert into version_seen
  select 'call', token, field, "at", null, 0, version
  from (
    select *, min(version) over own <> max(version) over own as several
    from (
      select c."at", coalesce(c.token, c.data ->> '$.token') as token, unnest([${join(
        fields.map((field) => raw(`{'field': '${field}', 'version': c.data ->> '$.${field}'}`)),
        ', ',
      )}], recursive := true)
      from snap.call c
      where c.kind = 'device' and ${inWindow}
        -- equivalent mutants [and true]: as above
        and hash(coalesce(c.token, c.data ->> '$.token')) in (from called_again)
    ) window own as (partition by token, field)
  -- equivalent mutants [where true]: of one version there is nothing to tell
  ) where several and token is not null`

/**
 * What the context of each call says. Every call of an app carries it, so tokens are gathered by their hashes first, and
 * only those that were seen with several versions are read in full. In a statement of its own: the engine would hold the
 * calls for the second reading, and the tokens of ten million are a gigabyte.
 */
async function contextsOfFiles(db: Database, inWindow: Query): Promise<void> {
  const said = sql`
    select token, "at", app_version, sdk_version from snap.activity where token is not null and ${inWindow}
    union all
    select token, "at", app_version, sdk_version from snap.call where kind = 'device' and token is not null and ${inWindow}`
  await db.run(sql`
    create temp table versatile as
    select hash(token) as token_hash from (${said}) group by 1
    -- equivalent mutants [having true]: of one version there is nothing to tell, and to read it all takes time
    having min(app_version) <> max(app_version) or min(sdk_version) <> max(sdk_version)`)
  await db.run(sql`
    insert into version_seen
    select 'context', token, v.field, "at", null, 0, v.version
    from (
      select token, "at", unnest([{'field': 'app_version', 'version': app_version}, {'field': 'cio_sdk_version', 'version': sdk_version}]) as v
      -- equivalent mutants [where true]: as above
      from (${said}) where hash(token) in (from versatile)
    )`)
  await db.run(raw('drop table versatile'))
}
