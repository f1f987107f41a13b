import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/**
 * `mate`: the profiles of clusters of two and more, with what decides who should survive a merge.
 *
 * - `canonical`: has an id that is no `id_misfit`. `deliverable`: has a device that a push reaches.
 * - `active_at`: last event of the window, or last use of a device.
 * - `place`: 1 for the survivor: canonical id first, then the deliverable device, then the latest activity, then the older
 *   profile; the `cio_id` settles what is still equal.
 *
 * `survivor`: one row per cluster, with the reason: what the survivor has and the next one has not (`canonical-id`, `device`,
 * `activity`, `age`), or `none` where they are alike in all of it.
 */
export async function buildSurvivors(db: Database): Promise<void> {
  // First who is in such a cluster: of a million people few are, and what all of them did would fill the memory.
  await db.run(
    raw(`
    create temp table gathered as
    select cio_id, person, cluster, firm from member where cluster in (select cluster from member group by cluster having count(*) > 1)`),
  )
  await db.run(
    raw(`
    create table mate as
    with acted as (
      select person, max(happened_at) as at from event
      -- equivalent mutants [where true]: of the others nothing is asked
      where person in (select person from gathered) group by person
    ), used as (
      select cio_id, max(last_used) as at from device
      -- equivalent mutants [where true]: as above
      where cio_id in (select cio_id from gathered) group by cio_id
    ), judged as (
      select m.cluster, m.firm, p.cio_id, p.id, p.email, p.email_norm, p.id_known, p.created_at, a.intent_events,
        p.id_known and p.cio_id not in (select cio_id from id_misfit) as canonical,
        a.best_device = 'deliverable' as deliverable, a.best_device <> 'none' as has_device, acted.person is not null as has_events,
        greatest(acted.at, used.at) as active_at
      from gathered m join profile p using (cio_id) join audience a using (cio_id)
      left join acted on acted.person = m.person left join used using (cio_id)
    )
    select *, row_number() over (partition by cluster
      order by canonical desc, deliverable desc, active_at desc nulls last, created_at nulls last, cio_id) as place
    from judged`),
  )
  await db.run(raw('drop table gathered'))
  await db.run(
    raw(`
    create table survivor as
    select cluster, s.cio_id, case
        when s.canonical <> n.canonical then 'canonical-id'
        when s.deliverable <> n.deliverable then 'device'
        when s.active_at is distinct from n.active_at then 'activity'
        when s.created_at is distinct from n.created_at then 'age'
        else 'none'
      end as reason
    from mate s join mate n using (cluster) where s.place = 1 and n.place = 2`),
  )
}
