import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/**
 * `anonymous_visit`: anonymous ids of Pipelines files with intent events in the window that nobody was named in, and that
 * belong to somebody: `joined` by an identify, or probably to whom `cio_id` says, for the first of these reasons that
 * holds:
 *
 * 1. a user is named beside the same anonymous id, later than its first intent event;
 * 2. its device token was registered for one user alone, later than that;
 * 3. a login or signup happened on it, later than that (`cio_id` is null: nobody says whose).
 *
 * Visitors who never come back as anybody are not in it. `cart_value`, `currency`: of the latest cart. Anonymous
 * activity is kept for 30 days (reference, section 12.1): `expires_on`, `last_expires_on` and `by_day` are the UTC days
 * on which the events vanish.
 */
export async function buildUnmerged(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table anonymous_visit (
      anonymous_id varchar, joined boolean, intent_events bigint, cart_events bigint, cart_value double, currency varchar,
      first_at timestamp, last_at timestamp, expires_on varchar, last_expires_on varchar, by_day varchar, cio_id varchar, reason varchar)`),
  )
  const calls = await db.scalar(raw(`select count(*) from snap.activity where source = 'pipelines'`))
  if (Number(calls) === 0) return
  await db.run(sql`
    create temp table anonymous_intent as
    select rowid as seq, anonymous_id from snap.activity
    where customer_id is null and type = 'event' and name in (select name from event_name where intent in ${intents})
      -- equivalent mutants [and true]: visits are told apart by the anonymous id, so that of none is no visit
      and anonymous_id is not null`)
  await db.run(sql`
    create temp table intent_visit as
    with happened as (
      select i.anonymous_id, e.happened_at, e.amount, e.currency, n.intent in ('cart', 'checkout') as is_cart
      from anonymous_intent i join event e using (seq) join event_name n using (name, type)
    ), daily as (
      select anonymous_id, (happened_at + interval 30 day)::date as day, count(*) as events from happened group by all
    ), clock as (
      select anonymous_id, min(day) as expires_on, max(day) as last_expires_on,
        string_agg(strftime(day, '%Y-%m-%d') || ': ' || events, ', ' order by day) as by_day
      from daily group by anonymous_id
    ), summed as (
      select anonymous_id, count(*) as intent_events, count(*) filter (is_cart) as cart_events,
        max({'at': happened_at, 'amount': amount, 'currency': currency}) filter (is_cart) as cart,
        min(happened_at) as first_at, max(happened_at) as last_at
      from happened group by anonymous_id
    )
    select s.*, c.expires_on, c.last_expires_on, c.by_day,
      coalesce(k.by_user_id or not p.anonymous, false) as joined
    from summed s join clock c using (anonymous_id)
    left join anonymous_key k using (anonymous_id) left join profile p on p.cio_id = k.key`)
  await db.run(
    raw('create temp table lost_visit as select anonymous_id, first_at from intent_visit where not joined'),
  )
  await gatherReasons(db)
  await db.run(
    raw(`
    insert into anonymous_visit
    with best as (
      select anonymous_id, min({'place': place, 'at': "at", 'cio_id': cio_id}) as reason from probable group by anonymous_id
    )
    select v.anonymous_id, v.joined, v.intent_events, v.cart_events, v.cart.amount as cart_value, v.cart.currency as currency,
      v.first_at, v.last_at, v.expires_on::varchar as expires_on, v.last_expires_on::varchar as last_expires_on, v.by_day,
      b.reason.cio_id as cio_id,
      (['same anonymous id', 'same device token', 'login or signup'])[b.reason.place] as reason
    from intent_visit v left join best b using (anonymous_id) where v.joined or b.reason is not null`),
  )
  for (const table of ['anonymous_intent', 'intent_visit', 'lost_visit', 'own_token', 'probable'])
    await db.run(raw(`drop table ${table}`))
}

const intents = raw(`('product', 'cart', 'checkout', 'purchase')`)

/** `probable`: who may be behind a lost visit, and why. Whoever is gone cannot be joined with anything. */
async function gatherReasons(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table own_token as
    select distinct v.anonymous_id, v.first_at, r.token
    from (
      select anonymous_id, coalesce(token, data ->> '$.token') as token from snap.call
      where kind = 'device' and user_id is null
    ) r join lost_visit v using (anonymous_id)`),
  )
  await db.run(
    raw(`
    create temp table probable as
    with user_call as (
      select customer_id as user_id, anonymous_id, "at" from snap.activity
      union all
      select user_id, anonymous_id, "at" from snap.call where kind = 'device'
    ), registered as (
      select user_id, "at", coalesce(token, data ->> '$.token') as token from snap.call
      where kind = 'device'
        -- equivalent mutants [and true]: by hashes, because the tokens of all devices would fill the memory
        and hash(coalesce(token, data ->> '$.token')) in (select hash(token) from own_token)
    ), token_user as (
      select t.anonymous_id, min(k.key) as key, min(r."at") as "at" from own_token t
      join registered r on r.token = t.token and r."at" >= t.first_at join user_key k on k.user_id = r.user_id
      group by t.anonymous_id having count(distinct k.key) = 1
    ), named as (
      select v.anonymous_id, 1 as place, c."at", k.key as cio_id
      from user_call c join lost_visit v on v.anonymous_id = c.anonymous_id and c."at" >= v.first_at
      join user_key k on k.user_id = c.user_id
      union all
      select anonymous_id, 2, "at", key from token_user
    )
    select n.* from named n join profile p using (cio_id)
    union all
    select v.anonymous_id, 3, e.happened_at, null from auth_event e join lost_visit v using (anonymous_id)
    where e.user_id is null and e.happened_at >= v.first_at`),
  )
}
