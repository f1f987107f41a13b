import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { valueNames } from './vocabulary.ts'

/** No cart costs this much; a number without end would turn every sum into infinity. */
const implausible = 1e12

/** `journey`: campaigns with what starts them. `cart_value`: what the latest cart of each person is worth. */
export async function buildJourneys(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table journey as
    select c.id, c.name, c.state, c.event_name, c.date_attribute,
      exists (from snap.campaign_action a where a.campaign_id = c.id and a.type ilike '%push%') as has_push
    from snap.campaign c`),
  )
  await db.run(sql`
    create table cart_value as
    with latest as (
      select e.cio_id, arg_max(e.id, (e.happened_at, e.id)) as id
      from event e join event_name n using (name, type) where n.intent in ('cart', 'checkout') group by e.cio_id
    )
    select l.cio_id, upper(left(a.data ->> '$.currency', 20)) as currency,
      list_filter(list_transform(json_extract_string(a.data, ${valueNames.map((name) => `$."${name}"`)}::varchar[]), lambda x: try_cast(x as double)), lambda x: abs(x) < ${implausible})[1] as amount
    from latest l join snap.activity a on a.id = l.id`)
}
