import type { ShopOrder } from '../core/order.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { trimmed, foldedAddress } from './addresses.ts'
import { setApart } from './happenings.ts'
import { columnLeaf, leafColumns, openedColumns } from './json-record.ts'
import { orderKey, orderLeaves, orderNames, orderNumber, orderWord } from './order-number.ts'

/**
 * What the shop's own books say, beside what arrived; without books all tables are empty.
 *
 * - `shop_order`: the orders of the file, as they stand there.
 * - `placed_order`: those that can be judged, each once, and no line whose money went back: within the window, and not in its last hour, since a purchase event
 *   may still be on its way. `seen`: a purchase event of the window names it. `customer`: `known` where a profile has the
 *   id, else the e-mail; `unnamed` where the file says neither. `cio_id`: that profile.
 * - `stray_purchase`: purchases that name an order which the file does not hold, between its first and its last one.
 * - `order_match`: one row. `seen`: judged orders with a purchase event. `purchases` and `unnumbered`: purchases of the
 *   time of the file, and those of them that carry no number. `unjudged`: orders that are not in `placed_order` for their time.
 */
export async function buildShopOrders(
  db: Database,
  orders: AsyncIterable<readonly ShopOrder[]>,
  since: Date,
  until: Date,
): Promise<void> {
  await db.run(
    raw(`create table shop_order (line bigint, number varchar, ordered_at timestamp, customer_id varchar, email varchar,
      total double, currency varchar, platform varchar, order_key ubigint)`),
  )
  for await (const batch of orders)
    await db.append(
      'shop_order',
      batch.map((o) => [
        BigInt(o.line),
        o.number,
        o.orderedAt,
        o.customerId,
        o.email,
        o.total,
        o.currency,
        o.platform,
      ]),
    )
  await db.run(sql`update shop_order set order_key = ${orderKey('upper(number)')}`)
  await placeOrders(db, since, until)
  await setStraysApart(db)
  await db.run(sql`
    create table order_match as
    with spanning as (select min(ordered_at) as first_at, max(ordered_at) as last_at from shop_order), timed as (
      select b.order_key from basket b join event e using (seq), spanning
      where b.intent = 'purchase' and e.happened_at between first_at and last_at
    )
    select (select count(*) from placed_order where seen) as seen, (select count(*) from timed) as purchases,
      (select count(*) from timed where order_key is null) as unnumbered,
      (select count(distinct coalesce(order_key, line)) from shop_order where ${isOrder} and not ${judgedTime(since, until)}) as unjudged`)
}

const hour = 3_600_000

function judgedTime(since: Date, until: Date) {
  return sql`ordered_at between ${since} and ${new Date(until.getTime() - hour)}`
}

/** Books hold credit notes under numbers of their own, for which no purchase is sent. */
const isOrder = raw('coalesce(total, 0) >= 0')

// As profiles fold theirs.
const buyerId = sql`lower(${trimmed('customer_id')})`
const buyerEmail = foldedAddress('email')

async function placeOrders(db: Database, since: Date, until: Date): Promise<void> {
  await db.run(sql`
    create table placed_order as
    with bearer as (
      select id_norm, min(cio_id) as cio_id from profile
      where id_norm <> ''
        -- equivalent mutants [and true]: the others are joined with nothing, they only fill the memory
        and id_norm in (select ${buyerId} from shop_order) group by id_norm
    ), addressee as (
      select email_norm, min(cio_id) as cio_id from profile
      -- equivalent mutants [where true]: the others are joined with nothing, they only fill the memory
      where email_norm in (select ${buyerEmail} from shop_order) group by email_norm
    ), placed as (
      select * from shop_order where line in (select min(line) from shop_order where ${isOrder} group by order_key) and ${judgedTime(since, until)}
    ), found as (
      select p.*, coalesce(b.cio_id, a.cio_id) as cio_id,
        coalesce(p.order_key in (select order_key from basket), false) as seen
      from placed p left join bearer b on b.id_norm = ${buyerId}
      left join addressee a on a.email_norm = ${buyerEmail}
    )
    select number, ordered_at, customer_id, email, cio_id, total, currency, seen, lower(left(coalesce(platform, ''), 20)) as platform,
      case when cio_id is not null then 'known' when customer_id is null and email is null then 'unnamed' else 'unknown' end as customer
    from found`)
}

/** Only purchases have the key of an order; those whose money went back, or may have, name older ones. */
async function setStraysApart(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table stray as
    with spanning as (select min(ordered_at) as first_at, max(ordered_at) as last_at from shop_order)
    select b.seq from basket b join event e using (seq), spanning
    where b.amount >= 0 and b.order_key is not null and e.happened_at between first_at and last_at
      and b.order_key not in (select order_key from shop_order where order_key is not null)`),
  )
  await setApart(db, 'straying', 'from stray')
  const leaf = columnLeaf(orderNames)
  await db.run(sql`
    create table stray_purchase as
    with opened as (
      select seq, id, ${openedColumns(raw('data'), orderNames)} from straying
    ), spread as (
      select *, ${leafColumns(orderNames)} from opened
    ), named as (
      select seq, id, ${orderLeaves(leaf)} from spread
    ), worded as (
      select *, ${orderWord} from named
    )
    select s.id, e.name, ${orderNumber} as number, e.happened_at, coalesce(e.platform, '') as platform, e.amount, b.currency, p.cio_id
    from worded s join event e using (seq) join basket b using (seq) left join person p using (person)`)
  await db.run(raw('drop table straying'))
  await db.run(raw('drop table stray'))
}
