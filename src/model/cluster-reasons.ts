import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/**
 * Why the clusters are what they are.
 *
 * - `cluster_link`: what two profiles of one cluster have in common, a row for each value and pair (`a` before `b`). A value
 *   on n profiles is a chain of n - 1 rows, in the order of their `cio_id`s.
 * - `kept_apart`: what profiles of different clusters have in common, as a chain too, one profile for each cluster; and the
 *   guard that kept them apart: `placeholder`, `role-mailbox`, `mass` (see `shared_identifier`), `emails` or `ids` (those who
 *   hold it have different ones, so it is shared between people).
 * - `profile_reason`: both as words for each profile that shares something: `joined_by` (`email, phone`) and `kept_apart`
 *   (`token: ids`), null where there is nothing of the kind.
 */
export async function explainClusters(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table cluster_link as
    select m.cluster, lag(s.cio_id) over chain as a, s.cio_id as b, s.evidence, s.value
    from shared_identifier s join member m using (cio_id) where s.guard is null
    window chain as (partition by s.strength, s.value, m.cluster order by s.cio_id)
    qualify lag(s.cio_id) over chain is not null`),
  )
  await db.run(
    raw(`
    create table kept_apart as
    with apart as (
      select s.strength, s.evidence, s.value, m.cluster, min(s.cio_id) as cio_id, any_value(s.guard) as guard
      from shared_identifier s join member m using (cio_id) group by s.strength, s.evidence, s.value, m.cluster
    ), contradicting as (
      select a.strength, a.value from apart a join member m using (cluster) join profile p on p.cio_id = m.cio_id
      group by a.strength, a.value having count(distinct p.mailbox) > 1
    )
    select lag(a.cio_id) over chain as a, a.cio_id as b, a.evidence, a.value,
      coalesce(a.guard, case when c.value is not null then 'emails' else 'ids' end) as guard
    from apart a left join contradicting c on c.strength = a.strength and c.value = a.value
    window chain as (partition by a.strength, a.value order by a.cio_id)
    qualify lag(a.cio_id) over chain is not null`),
  )
  await db.run(
    raw(`
    create table profile_reason as
    with spoken as (
      select cio_id, evidence, null as guard from (select unnest([a, b]) as cio_id, evidence from cluster_link)
      union
      select cio_id, evidence, guard from (select unnest([a, b]) as cio_id, evidence, guard from kept_apart)
    )
    select cio_id, string_agg(evidence, ', ' order by evidence) filter (guard is null) as joined_by,
      string_agg(evidence || ': ' || guard, ', ' order by evidence, guard) filter (guard is not null) as kept_apart
    from spoken group by cio_id`),
  )
  await db.run(raw('drop table shared_identifier'))
}
