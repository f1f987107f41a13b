import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { evidences } from './shared-identifiers.ts'

/**
 * `cluster_subject`: for every cluster of two and more the shared value that findings name it by (contracts, section 5): the
 * strongest evidence, and of that the smallest value. Of an `id-core` the number alone; the second identifier is not shown.
 *
 * `split_history`: people whose shopping, device and e-mail are not all on one profile. `buyers`: profiles with intent
 * events. `shopper`, `holder`, `addressee`: the profile with the cart (else with the most intent events), with the device
 * and with the e-mail; the last two are the shopper where that profile has them too, and null where nobody has.
 */
export async function buildSplitHistory(db: Database): Promise<void> {
  await db.run(sql`
    create table cluster_subject as
    with spoken as (
      select cluster, case
          when evidence in ('email', 'id-as-email') then 'email:' || value
          when evidence = 'id-spelling' then 'id:' || value
          when evidence = 'id-core' then 'id:' || split_part(value, ' ', 1)
          else evidence || ':' || value
        end as key, list_position(${evidences}::varchar[], evidence) as weakness
      from cluster_link
    )
    select cluster, arg_min(key, (weakness, key)) as key from spoken group by cluster`)
  await db.run(
    raw(`
    create table split_history as
    with holding as (
      select cio_id, bool_or(state = 'deliverable') as deliverable from device where well_formed group by cio_id
    ), ranked as (
      select m.*, h.cio_id is not null as holds, h.deliverable as pushable, c.cio_id is not null as has_cart,
        row_number() over (partition by m.cluster
          order by c.cio_id is not null desc, m.intent_events desc, m.cio_id) as rank
      from mate m left join holding h using (cio_id) left join (select distinct cio_id from cart_value) c using (cio_id)
    ), summed as (
      select cluster, count(*) as profiles, count(*) filter (intent_events > 0) as buyers,
        arg_min(cio_id, rank) as shopper, arg_min(has_cart, rank) as has_cart,
        arg_min(cio_id, (rank > 1, not pushable, rank)) filter (holds) as holder,
        arg_min(cio_id, rank) filter (email_norm is not null) as addressee
      from ranked group by cluster having bool_or(intent_events > 0)
    )
    select s.*, k.key as subject from summed s join cluster_subject k using (cluster)
    where buyers > 1 or holder <> shopper or addressee <> shopper`),
  )
}
