import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/** `journey`: campaigns with what starts them. `cart_value`: what the latest cart of each person is worth. */
export async function buildJourneys(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table journey as
    select c.id, c.name, c.state, c.event_name, c.date_attribute,
      exists (from snap.campaign_action a where a.campaign_id = c.id and a.type ilike '%push%') as has_push
    from snap.campaign c`),
  )
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
