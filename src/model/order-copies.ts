import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { setApart } from './happenings.ts'
import { columnLeaf, leafColumns, openedColumns, textOf } from './json-record.ts'
import { orderLeaves, orderNames, orderText, orderWord } from './order-number.ts'

/**
 * `order_copy`: purchases of one name that name the same order, numbered by time; number 1 is the order, the others are
 * surplus. Whose profile they stand on does not matter: an order is bought once.
 *
 * Nearly all numbers stand alone, so hashes are grouped first; what collides is read again and compared.
 */
export async function buildOrderCopies(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table colliding as
    with repeated as (
      select name, order_hash from basket where order_hash is not null group by all
      -- equivalent mutants [having true; > for >=]: what stands alone is found out at the end as well, when all of it was read again
      having count(*) > 1
    )
    select seq from basket b where hash(name, order_hash) in (select hash(name, order_hash) from repeated)`),
  )
  await setApart(db, 'repeating', 'from colliding')
  const leaf = columnLeaf(orderNames)
  await db.run(sql`
    create table order_copy as
    with opened as (
      select seq, id, ${openedColumns(raw('data'), orderNames)} from repeating
    ), spread as (
      select *, ${leafColumns(orderNames)} from opened
    ), found as (
      select seq, id, ${orderLeaves(leaf)} from spread
    ), worded as (
      select *, ${orderWord} from found
    ), named as (
      select s.id, p.cio_id, e.person, e.cluster, e.name, e.happened_at, s.order_text,
        s.order_id
      from (select seq, id, ${orderText} as order_text, ${textOf(raw('order_leaf'))} as order_id from worded) s
      -- equivalent mutants [where true]: the others are joined with nothing, they only fill the memory
      join (from event where seq in (from colliding)) e using (seq) left join person p using (person)
    )
    select id, cio_id, "cluster", name, happened_at, order_id, row_number() over same as number, first(id) over same as first_id,
      first("cluster") over same is distinct from "cluster" as elsewhere
    from named window same as (partition by name, order_text order by happened_at, id, cio_id)
    -- equivalent mutants [qualify true; > for >=]: only what collides by chance stands alone here
    qualify count(*) over (partition by name, order_text) > 1`)
  await db.run(raw('drop table repeating'))
  await db.run(raw('drop table colliding'))
}
