import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/**
 * `auth_event`: every login and signup of the window in Pipelines files (`identity.authEvents`, whatever their case and
 * separators). `gap`: seconds to the nearest identify of the same user or the same anonymous id, on either side; null
 * where there is none. `follows`: the nearest one came after it.
 *
 * Over the API identifiers are as of now, so nobody can tell there when somebody was identified.
 */
export async function buildLogins(db: Database, settings: Settings, since: Date, until: Date): Promise<void> {
  const wanted = settings.identity.authEvents.map((name) => name.toLowerCase().replaceAll(separators, ''))
  await db.run(sql`
    create temp table auth_call as
    select id, name, "at", customer_id as user_id, anonymous_id, platform, app_version from snap.activity
    where source = 'pipelines' and type = 'event' and "at" between ${since}::timestamp and ${until}::timestamp
      and name in (select name from event_name where regexp_replace(lower(name), ${separators.source}, '', 'g') in (select unnest(${wanted}::varchar[])))`)
  await db.run(
    raw(`
    create temp table identify_moment as
    select user_id, anonymous_id, "at" from snap.call
    where kind = 'identify'
      -- equivalent mutants [and true]: what belongs to no login is never the nearest to one, it only fills the memory
      and (user_id in (select user_id from auth_call) or anonymous_id in (select anonymous_id from auth_call))`),
  )
  const nearest = (name: string, column: string, side: '>=' | '<='): string => `
    asof left join identify_moment ${name}
      on ${name}.${column} = a.${column} and ${name}."at" ${side} a."at"`
  await db.run(
    raw(`
    create table auth_event as
    with met as (
      select a.*, least(un."at", an."at") as next_at, greatest(up."at", ap."at") as previous_at from auth_call a
      ${nearest('un', 'user_id', '>=')} ${nearest('an', 'anonymous_id', '>=')}
      ${nearest('up', 'user_id', '<=')} ${nearest('ap', 'anonymous_id', '<=')}
    ), measured as (
      select *, epoch(next_at - "at") as after, epoch("at" - previous_at) as before from met
    )
    select m.id, m.name, m."at" as happened_at, m.user_id, m.anonymous_id, m.platform, m.app_version,
      least(m.after, m.before) as gap, coalesce(m.after <= m.before, m.after is not null) as follows, c.cio_id
    from measured m left join caller c on c.who = coalesce('u ' || m.user_id, 'a ' || m.anonymous_id)`),
  )
  await db.run(raw('drop table identify_moment'))
  await db.run(raw('drop table auth_call'))
}

/** Letters and digits of every script make a name: without them all names in another one would be the same. */
const separators = /[^\p{L}\p{N}]/gu
