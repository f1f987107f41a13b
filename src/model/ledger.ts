import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { currencyCodes } from './vocabulary.ts'

/**
 * The push ledger (catalogue, section 2): every profile in one cell of permission and best device.
 *
 * - `ledger_cell`: `scope` is `all` for everybody, `intent` for the people in an intent event of the window, `journey` for
 *   those whom a judged journey with a push would reach: they sent its trigger event in the window, whatever its filters
 *   are. `profiles` counts them. Who is in a segment, or on which day a date falls due, no source tells, so journeys that
 *   start from those have no cells: better none than wrong ones.
 * - `ledger_cart`: what the latest carts of the intent cells are worth, by currency. Carts without a value, with one below
 *   zero, or with a currency that is none (`€`, `978`) are no money that could be named. In decimals, since a sum of doubles differs with the order in which it is made.
 */
export async function buildLedger(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table ledger_cell as
    with trigger as (
      select id, event_name as name from journey where judged and has_push
    ), sent as (
      select distinct t.id, e.person from event e join trigger t using (name) where e.type = 'event'
    ), placed as (
      select 'all' as scope, null::bigint as journey, permission, best_device from audience
      union all
      select 'intent', null, permission, best_device from audience where intent_events > 0
      union all
      select 'journey', s.id, a.permission, a.best_device
      from sent s join person p using (person) join audience a on a.cio_id = p.cio_id
    )
    select scope, journey, permission, best_device as device, count(*) as profiles from placed group by all`),
  )
  await db.run(
    sql`
    create table ledger_cart as
    select a.permission, a.best_device as device, c.currency, round(sum(c.amount::decimal(38, 6)), 2)::double as amount
    from cart_value c join audience a using (cio_id)
    where c.amount >= 0 and list_contains(${currencyCodes}::varchar[], c.currency) group by all`,
  )
}
