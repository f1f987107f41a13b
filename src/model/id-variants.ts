import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/**
 * `id_variant`: profiles whose ids are one id in several writings (catalogue, `identity/id-variant`), as the clusters were
 * joined by it: equal up to case and space, or up to leading zeros and a prefix where a second identifier agrees.
 *
 * - `subject`: `id:` and the shortest of the writings in their normal form, then the first of them.
 * - `written`: beyond case and space they differ in leading zeros or in a prefix.
 * - `contradicts`: the same id in several clusters, because their e-mail addresses are different: the case of an id, which
 *   Customer.io tells apart, may then mean something.
 */
export async function buildIdVariants(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table id_variant as
    with linked as (
      select unnest([a, b]) as cio_id, evidence = 'id-core' as written, case when evidence = 'id-core' then split_part(value, ' ', 1) end as core
      from cluster_link where evidence in ('id-spelling', 'id-core')
    ), in_cluster as (
      -- One person can have two ids, and each of them in several writings.
      select m.cluster, p.cio_id, p.id_norm, l.written, coalesce(max(l.core) over (partition by m.cluster, p.id_norm), p.id_norm) as one_id
      from linked l join profile p using (cio_id) join member m using (cio_id)
    ), together as (
      select 'id:' || (min({'length': length(id_norm), 'id': id_norm}) over (partition by cluster, one_id)).id as subject, cio_id, written,
        false as contradicts
      from in_cluster
    ), apart as (
      select 'id:' || value as subject, unnest([a, b]) as cio_id, false, true from kept_apart
      where evidence = 'id-spelling' and guard = 'emails'
    )
    select distinct subject, cio_id, bool_or(written) over (partition by subject) as written,
      bool_or(contradicts) over (partition by subject) as contradicts
    from (from together union all from apart)`),
  )
}
