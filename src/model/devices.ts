import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { sql } from '../engine/sql.ts'

/**
 * `device`: one row per profile and token.
 *
 * - `well_formed`: an APNs token (an even number of hex digits, 64 to 200), or an FCM token (colon form with 100 and more
 *   URL-safe characters, or the old form of 152); iOS apps may carry FCM tokens (catalogue, `devices/malformed-token`).
 * - `holders`: profiles that hold the token; people who are gone are none.
 * - `gone`: why the holder is no profile any more (`deleted`, `suppressed`), or null.
 * - `state`: the first of malformed, shared, undeliverable, disabled, stale that is true, else deliverable.
 */
export async function buildDevices(db: Database, settings: Settings, asOf: Date): Promise<void> {
  await db.run(sql`
    create table device as
    with read as (
      select cio_id, token, any_value(platform) as platform, max(last_used) as last_used,
        any_value(try_cast(attributes ->> '$.push_enabled' as boolean)) as push_enabled,
        any_value(attributes ->> '$._last_status') as last_status,
        any_value(attributes ->> '$.app_version') as app_version
      from holding group by cio_id, token
    ), counted as (
      select r.*, g.reason as gone, count(*) filter (g.reason is null) over (partition by token) as holders,
        (length(token) between 64 and 200 and length(token) % 2 = 0 and regexp_full_match(token, '[0-9A-Fa-f]+'))
          or regexp_full_match(token, '[A-Za-z0-9_-]+:[A-Za-z0-9_-]{100,}')
          or regexp_full_match(token, '[A-Za-z0-9_-]{152}') as well_formed
      from read r left join (select cio_id, any_value(reason) as reason from gone group by cio_id) g using (cio_id)
    )
    select *, case
        when not well_formed then 'malformed'
        when holders > 1 then 'shared'
        when last_status in ('bounced', 'suppressed') then 'undeliverable'
        when push_enabled = false then 'disabled'
        when last_used < ${asOf}::timestamp - to_seconds(${settings.push.staleAfterSeconds}) then 'stale'
        else 'deliverable'
      end as state
    from counted`)
}

/**
 * `audience`: for every profile its permission, best device and audiences (catalogue, section 0).
 * A person's best device is the first of deliverable, stale, disabled, undeliverable, shared, malformed.
 */
export async function buildAudience(
  db: Database,
  settings: Settings,
  since: Date,
  until: Date,
): Promise<void> {
  const optIn = `$."${settings.push.optInAttribute.replaceAll('"', '')}"`
  await db.run(sql`
    create table audience as
    with opted as (
      select cio_id, nullif(trim(json_extract_string(attributes, ${optIn})), '') as said from record
    ), owned as (
      select cio_id, bool_or(push_enabled) as any_enabled,
        bool_and(push_enabled is not distinct from false) as all_disabled,
        bool_or(last_used between ${since}::timestamp and ${until}::timestamp) as used,
        min(list_position(${deviceOrder}::varchar[], state)) as best
      from device group by cio_id
    ), acted as (
      select person, bool_or(mobile) as mobile, bool_or(intent = 'purchase') as bought,
        count(*) filter (intent in ('product', 'cart', 'checkout', 'purchase')) as intent_events
      from event join event_name using (name, type) group by person
    ), active as (
      select cio_id, acted.* from acted join person using (person)
    )
    select p.cio_id,
      case
        when p.unsubscribed then 'unsubscribed'
        when lower(o.said) in ('true', '1', 'yes') then 'in'
        when lower(o.said) in ('false', '0', 'no') then 'out'
        when d.any_enabled then 'in'
        when d.all_disabled then 'out'
        else 'unknown'
      end as permission,
      coalesce(list_extract(${deviceOrder}::varchar[], d.best), 'none') as best_device,
      d.cio_id is not null or coalesce(a.mobile, false) as app_user,
      coalesce(d.used, false) or coalesce(a.mobile, false) as app_active,
      coalesce(a.bought, false) as customer,
      coalesce(a.intent_events, 0) as intent_events
    from profile p
    left join opted o using (cio_id) left join owned d using (cio_id) left join active a using (cio_id)`)
}

const deviceOrder = ['deliverable', 'stale', 'disabled', 'undeliverable', 'shared', 'malformed']
