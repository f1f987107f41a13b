import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { keepRecords } from './event-records.ts'
import { setApart } from './happenings.ts'

/** So long before a purchase its cart may lie. */
const reachDays = 7

/**
 * - `funnel`: by platform that sends carts, its `carts` (checkouts count), and the `purchases` of which the days before lie
 *   in the window. Refunds (negative amounts) are no purchases, and renewals without a cart are left out here as well: their
 *   number must not hide what the others lack.
 * - `funnel_buyer`: the same purchases by platform and person, so that those of some people can be counted.
 * - `lone_purchase`: those of them without a cart or checkout of that person (cluster) in the 7 days before, on platforms
 *   that send carts; `last_cart_at`: an older one. Renewals of subscriptions have none and are left out.
 */
export async function buildFunnel(db: Database, since: Date): Promise<void> {
  await db.run(sql`
    create temp table bought as
    select e.seq, e.person, e.cluster, e.name, e.happened_at, coalesce(e.platform, 'unknown') as platform
    from event e join event_name n using (name, type)
    where n.intent = 'purchase' and e.cluster is not null and coalesce(e.amount, 0) >= 0
      and e.happened_at >= ${since}::timestamp + to_days(${reachDays})`)
  await db.run(
    raw(`
    create temp table filled_cart as
    select e.cluster, e.happened_at, coalesce(e.platform, 'unknown') as platform from event e join event_name n using (name, type)
    where n.intent in ('cart', 'checkout') and e.cluster is not null`),
  )
  await db.run(sql`
    create temp table cartless as
    select b.seq, b.person, b.name, b.platform, b.happened_at, c.happened_at as last_cart_at
    from bought b asof left join filled_cart c on c.cluster = b.cluster and c.happened_at <= b.happened_at
    -- equivalent mutants [where true]: whoever tells of them asks the funnel as well; the payloads of tills need not be read
    where b.platform in (select platform from filled_cart)
      and (c.happened_at is null or c.happened_at < b.happened_at - to_days(${reachDays}))`)
  await setApart(db, 'opened_purchase', 'select seq from cartless')
  await db.run(sql`
    create temp table renewal as
    select seq from opened_purchase where regexp_matches(name, ${'(?i)renew'}) or len(list_filter(
      list_zip(json_keys(data), json_extract_string(data, '$.*')),
      lambda p: (regexp_matches(p[1], ${'(?i)renew|recurring|subscription'}) and p[2] not in ('', 'false', '0', 'null'))
        or (length(p[2]) <= 40 and regexp_matches(p[2], ${'(?i)renewal|recurring|subscription_(?:cycle|contract)'})))) > 0`)
  await db.run(
    raw(`
    create table funnel as
    select platform, carts, purchases from (
      select platform, count(*) as purchases from bought where seq not in (select seq from renewal) group by platform)
    join (select platform, count(*) as carts from filled_cart group by platform) using (platform)`),
  )
  await db.run(
    raw(`
    create table funnel_buyer as
    select platform, cio_id, count(*) as purchases from bought join person using (person)
    where seq not in (select seq from renewal) group by all`),
  )
  await keepRecords(
    db,
    'lone_purchase',
    raw('select * from cartless where seq not in (select seq from renewal)'),
  )
  for (const table of ['renewal', 'opened_purchase', 'cartless', 'bought', 'filled_cart'])
    await db.run(raw(`drop table ${table}`))
}
