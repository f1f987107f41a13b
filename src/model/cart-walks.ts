import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/**
 * `cart_walk`: everybody known who has a cart event in the window, walked through the chain from the event to the phone.
 *
 * - `identity`: what a finding about them goes by in every source (contracts, section 5).
 * - `happened_at`: their latest cart event, which is the one that a journey would write about. `platform`: of their devices,
 *   `no device` for those without.
 * - `exit`: why no push is meant for them: `unsubscribed`, `opted out`, `web only` (no app use); else null.
 * - `broken`: the first step that does not hold, else null: `no-id`, `duplicate` (others are the same person),
 *   `incomplete-cart` (the event lacks a required property), `device-elsewhere` (another profile holds the device that the
 *   event came from, or their own best one), `unreachable` (opted in and active in the app, without a device that a push
 *   can reach; one that was not used for long is no fault).
 */
export async function buildCartWalks(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table latest_cart as
    with cart as (
      select e.person, e.seq, e.happened_at from event e join event_name n using (name, type)
      where n.intent = 'cart'
    ), latest as (
      select person, max(happened_at) as happened_at from cart group by person
    )
    select c.person, c.happened_at, c.seq from cart c join latest using (person, happened_at)`),
  )
  await db.run(
    raw(`
    create table cart_walk as
    with incomplete as (
      -- Of several carts at one moment it is open which one the journey takes: all of them must be incomplete.
      select l.person, count(*) = count(d.seq) as every from latest_cart l left join (
        select distinct seq from property_defect where defect = 'missing'
      ) d using (seq) group by l.person
    ), several as (
      select cluster from person join profile using (cio_id) where not anonymous group by cluster having count(*) > 1
    ), sent_by as materialized (
      -- By seq alone, so that no more of a million happenings is made than their tokens.
      select l.person, p.cio_id, h.token from latest_cart l
      -- equivalent mutants [where true]: nobody holds a token that is null, and few activities have one
      join (select rowid as seq, token from snap.activity where token is not null) h using (seq) join person p using (person)
    ), elsewhere as (
      select person from sent_by s where exists (from held_device d where d.token = s.token)
        and not exists (from held_device o where o.token = s.token and o.cio_id = s.cio_id)
    )
    select n.cio_id, coalesce(f.id, f.email_norm, f.cio_id) as identity, l.happened_at, coalesce(a.platforms, 'no device') as platform, case
        when a.permission = 'unsubscribed' then 'unsubscribed'
        when a.permission = 'out' then 'opted out'
        when not a.app_user then 'web only' end as exit,
      case when not f.id_known then 'no-id'
        when n.cluster in (select cluster from several) then 'duplicate'
        when i.every then 'incomplete-cart'
        when a.best_device = 'shared' or n.person in (select person from elsewhere) then 'device-elsewhere'
        when a.permission = 'in' and a.app_active and a.best_device not in ('deliverable', 'stale') then 'unreachable'
      end as broken
    from (select person, max(happened_at) as happened_at from latest_cart group by person) l
      join person n using (person) join profile f using (cio_id) join audience a using (cio_id)
      left join incomplete i using (person)
    where not f.anonymous`),
  )
  await db.run(raw('drop table latest_cart'))
}
