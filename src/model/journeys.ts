import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/**
 * - `journey`: campaigns with what starts them. `named`: asked for by name before its launch. `judged`: running or named;
 *   what is stopped, or a draft that nobody asked for, is not held to anything. One without a name is called by its id.
 * - `journey_segment`: segments that start a journey (`role` trigger) or that its people must be in (filter).
 * - `journey_message`: the steps of judged journeys; `channel` is the type of the step where it sends nothing.
 */
export async function buildJourneys(db: Database, named: readonly number[]): Promise<void> {
  await db.run(
    raw(`
    create table journey as
    select c.id, case when trim(coalesce(c.name, '')) = '' then 'journey ' || c.id else c.name end as name, c.state, c.event_name, c.date_attribute, false as named, c.state is not distinct from 'running' as judged,
      exists (from snap.campaign_action a where a.campaign_id = c.id and a.type ilike '%push%') as has_push
    from snap.campaign c`),
  )
  await db.run(
    sql`update journey set named = true, judged = true where id::varchar = any(${named.map(String)}::varchar[])`,
  )
  await db.run(
    raw(`
    create table journey_segment as
    with used as (
      select id as journey, 'trigger' as role, unnest(from_json(trigger_segments, '["BIGINT"]')) as segment
      from snap.campaign where json_valid(trigger_segments)
      union
      select id, 'filter', unnest(from_json(filter_segments, '["BIGINT"]')) from snap.campaign where json_valid(filter_segments)
    )
    select u.journey, u.role, u.segment, s.name, s.state, s.people, s.id is not null as listed
    from used u left join snap.segment s on s.id = u.segment where u.segment is not null`),
  )
  await db.run(
    raw(`
    create table journey_message as
    select a.campaign_id as journey, a.id as action, coalesce(a.name, a.type, 'step ' || a.id) as name,
      case when a.type ilike '%push%' then 'push' when a.type ilike '%mail%' then 'email' when a.type ilike '%sms%' then 'sms' else a.type end as channel,
      a.subject, a.body
    from snap.campaign_action a join journey j on j.id = a.campaign_id where j.judged`),
  )
}

/** `cart_value`: what the latest cart of each person is worth. */
export async function buildCartValues(db: Database): Promise<void> {
  // Of two carts at one moment the dearer one counts: their order in the snapshot means nothing.
  await db.run(
    raw(`
    create table cart_value as
    with latest as (
      select e.person, max({'at': e.happened_at, 'amount': coalesce(e.amount, '-infinity'), 'currency': coalesce(e.currency, ''), 'seen': e.amount is not null, 'named': e.currency is not null}) as cart
      from event e join event_name n using (name, type) where n.intent in ('cart', 'checkout') group by e.person
    )
    select p.cio_id, case when cart.named then cart.currency end as currency, case when cart.seen then cart.amount end as amount
    from latest join person p using (person)`),
  )
}
