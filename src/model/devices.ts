import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { pointerTo } from './attribute-values.ts'
import { appBuilds, malformation } from './token-form.ts'

/**
 * `device`: one row per profile and token.
 *
 * - `malformed`: why the token is none (`token-form.ts`), or null; `well_formed` says the same as yes or no.
 * - `holders`: profiles that hold the token; people who are gone are none.
 * - `gone`: why the holder is no profile any more (`deleted`, `suppressed`), or null.
 * - `silent`: `unused` for longer than `push.staleAfter`, `never-used` where no time is known, else null.
 * - `lacks`: what is not known of the device, of platform, `app_version`, `device_os` and `cio_sdk_version`.
 * - `state`: the first of malformed, shared, undeliverable, disabled, stale that is true, else deliverable.
 *
 * `held_device`: those whose holder is still a profile.
 * `app_build`: the builds of the app that hold a token (`token-form.ts`).
 */
export async function buildDevices(db: Database, settings: Settings, asOf: Date): Promise<void> {
  await db.run(sql`
    create table device as
    with said as (
      select cio_id, token, platform, last_used, json_extract_string(attributes, ${facts.map((name) => `$.${name}`)}::varchar[]) as said from holding
    ), read as (
      -- Of a device that was read twice, each column says the greater of the two: the order of reading decides nothing.
      select cio_id, token, max(nullif(lower(trim(platform)), '')) as platform, max(last_used) as last_used,
        bool_or(try_cast(trim(${fact('push_enabled')}) as boolean)) as push_enabled,
        max(lower(trim(${fact('_last_status')}))) as last_status, ${join(described.map(latest), ', ')}
      from said group by cio_id, token
    ), counted as (
      select r.*, g.reason as gone, count(case when g.reason is null then 1 end) over (partition by token) as holders,
        ${malformation(raw('token'))} as malformed,
        case when last_used is null then 'never-used'
          when last_used < ${asOf}::timestamp - to_seconds(${settings.push.staleAfterSeconds}) then 'unused' end as silent,
        list_filter([${join(required.map(lack), ', ')}], lambda name: name is not null) as lacks
      from read r left join (select cio_id, min(reason) as reason from gone group by cio_id) g using (cio_id)
    )
    select *, malformed is null as well_formed, case
        when malformed is not null then 'malformed'
        when holders > 1 then 'shared'
        when last_status in ('bounced', 'suppressed') then 'undeliverable'
        when push_enabled = false then 'disabled'
        when silent = 'unused' then 'stale'
        else 'deliverable'
      end as state
    from counted`)
  await db.run(raw('create view held_device as from device where gone is null'))
  await db.run(appBuilds)
}

/** What the SDK says of a device, in its own words (reference, section 5). */
const described = ['app_version', 'app_identifier', 'device_os', 'cio_sdk_version']
const facts = ['push_enabled', '_last_status', ...described]
const required = ['platform', 'app_version', 'device_os', 'cio_sdk_version']

const fact = (name: string): Query => raw(`said[${facts.indexOf(name) + 1}]`)
const latest = (name: string): Query => sql`max(nullif(trim(${fact(name)}), '')) as ${raw(name)}`
const lack = (name: string): Query => raw(`case when ${name} is null then '${name}' end`)

/**
 * `audience`: for every profile its permission, best device and audiences (catalogue, section 0).
 * A person's best device is the first of deliverable, stale, disabled, undeliverable, shared, malformed.
 *
 * - `attribute_says`: `yes`, `no`, or `unclear` where the opt-in attribute is there and reads as neither; else null.
 * - `devices_say`: `yes` where one has push enabled, `no` where every one has it disabled, `unclear` where some are
 *   silent about it; null where nobody says anything.
 * - `platforms`: of their devices, `android and ios` for one of each; null without a device.
 */
export async function buildAudience(
  db: Database,
  settings: Settings,
  since: Date,
  until: Date,
): Promise<void> {
  const optIn = pointerTo(settings.push.optInAttribute)
  // One step at a time: held together, the tables that are joined at the end are more than a million people are worth.
  await db.run(sql`
    create table owned as
    select cio_id, case when bool_or(push_enabled) then 'yes' when bool_and(push_enabled is not distinct from false) then 'no'
        when count(push_enabled) > 0 then 'unclear' end as devices_say,
      min(coalesce(platform, 'unknown')) as platform, max(coalesce(platform, 'unknown')) as other_platform,
      bool_or(last_used between ${since}::timestamp and ${until}::timestamp) as used,
      min(list_position(${deviceOrder}::varchar[], state)) as best
    from device group by cio_id`)
  await db.run(
    raw(`
    create table acted as
    select person, bool_or(mobile) as mobile, bool_or(intent = 'purchase') as bought,
      count(*) filter (intent in ('product', 'cart', 'checkout', 'purchase')) as intent_events
    from event join event_name using (name, type) group by person`),
  )
  await db.run(sql`
    create table audience as
    with opted as (
      select cio_id, case when said in ('true', '1', 'yes') then 'yes' when said in ('false', '0', 'no') then 'no'
        else 'unclear' end as attribute_says
      from (select cio_id, lower(trim(json_extract_string(attributes, ${optIn}))) as said from record)
      where said <> ''
    ), active as (
      select cio_id, acted.* from acted join person using (person)
    ), varied as (
      select cio_id, array_to_string(list_sort(list(distinct coalesce(platform, 'unknown'))), ' and ') as platforms from device
      -- equivalent mutants [where true]: who has devices of one platform is told by it anyway; few have several
      where cio_id in (select cio_id from owned where platform <> other_platform) group by cio_id
    )
    select p.cio_id,
      case
        when p.unsubscribed then 'unsubscribed'
        when o.attribute_says = 'yes' then 'in'
        when o.attribute_says = 'no' then 'out'
        when d.devices_say = 'yes' then 'in'
        when d.devices_say = 'no' then 'out'
        else 'unknown'
      end as permission,
      o.attribute_says, d.devices_say, coalesce(v.platforms, d.platform) as platforms,
      coalesce(list_extract(${deviceOrder}::varchar[], d.best), 'none') as best_device,
      d.cio_id is not null or coalesce(a.mobile, false) as app_user,
      coalesce(d.used, false) or coalesce(a.mobile, false) as app_active,
      coalesce(a.bought, false) as customer,
      coalesce(a.intent_events, 0) as intent_events
    from profile p left join opted o using (cio_id) left join owned d using (cio_id) left join active a using (cio_id)
      left join varied v using (cio_id)`)
  await db.run(raw('drop table owned'))
  await db.run(raw('drop table acted'))
}

const deviceOrder = ['deliverable', 'stale', 'disabled', 'undeliverable', 'shared', 'malformed']
