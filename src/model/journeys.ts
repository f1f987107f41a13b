import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/** `journey`: campaigns with what starts them. `journey_cart`: the latest cart value of each person with an intent event. */
export async function buildJourneys(db: Database): Promise<void> {
  await db.run(raw(`
    create table journey as
    select c.id, c.name, c.state, c.event_name, c.date_attribute,
      exists (from snap.campaign_action a where a.campaign_id = c.id and a.type ilike '%push%') as has_push
    from snap.campaign c`))
  await db.run(raw(`
    create table cart_value as
    with latest as (
      select e.cio_id, arg_max(e.id, (e.happened_at, e.id)) as id
      from event e join event_name n using (name, type) where n.intent in ('cart', 'checkout') group by e.cio_id
    )
    select l.cio_id, upper(a.data ->> '$.currency') as currency,
      coalesce(try_cast(a.data ->> '$.cart_value' as double), try_cast(a.data ->> '$.value' as double), try_cast(a.data ->> '$.total' as double)) as amount
    from latest l join snap.activity a on a.id = l.id`))
}
