import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/**
 * `shared_token`: every well-formed token that two and more profiles hold, with what its history shows.
 *
 * - `people`: clusters among the holders. `newest`: the holder who used it last. `holders`: their names, sorted.
 * - `story`: `duplicate` (one person twice), `alternating` (somebody came back after somebody else), `switch` (it went from hand
 *   to hand, and nobody came back), or null where the history does not show it.
 * - `switched_at`: when the last of them got it, for switches. `left_on`: the holder before; `lost`: nothing took it off them.
 */
export async function buildSharedTokens(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table shared_token as
    with holder as (
      select d.token, d.cio_id, m.cluster,
        min({'since': c.from_at, 'began': c.began, 'origin': c.origin}) filter (c.from_at is not null) as first, max(c.last_at) as last_at,
        coalesce(max(c.until_at) < max(c.last_at), true) as lost
      from device d join member m using (cio_id) left join token_custody c on c.token = d.token and c.cio_id = d.cio_id
      where d.well_formed and d.holders > 1 group by d.token, d.cio_id, m.cluster
    ), summed as (
      select token, count(*) as profiles, max(last_at) as last_used,
        arg_max(cio_id, (coalesce(last_at, '1970-01-01'::timestamp), cio_id)) as newest, string_agg(cio_id, ' ' order by cio_id) as holders
      from holder group by token
    ), person as (
      select token, cluster, min(first) as first, max(last_at) as last_at,
        max({'used': coalesce(last_at, '1970-01-01'::timestamp), 'cio_id': cio_id, 'lost': lost}) as last
      from holder group by token, cluster
    ), placed as (
      select *, row_number() over (partition by token order by first, cluster) as place,
        -- By groups, so that of two who were first seen in one moment neither came before the other.
        max(last_at) over (partition by token order by first.since groups between unbounded preceding and 1 preceding) as seen_before
      from person
    ), story as (
      select token, count(*) as people, bool_or(first.since < seen_before) as returns,
        bool_and(coalesce(first.since > seen_before, place = 1)) as apart, max_by({'first': first, 'last': last}, place, 2) as pair
      from placed group by token
    ), judged as (
      select token, people, case when people = 1 then 'duplicate' when returns then 'alternating'
          -- A call that renews a device looks like the one that adds it: the calls must reach back to the holder before.
          when apart and pair[1].first.began = 'registered'
            and (pair[1].first.origin = 'device-change' or pair[2].first.origin <> 'last-used') then 'switch'
        end as story, pair[1].first.since as switched_at, pair[2].last.cio_id as left_on, pair[2].last.lost as lost
      from story
    )
    select s.token, s.profiles, j.people, s.newest, s.last_used, s.holders, j.story,
      case when j.story = 'switch' then j.switched_at end as switched_at,
      case when j.story = 'switch' then j.left_on end as left_on, coalesce(j.story = 'switch' and j.lost, false) as lost
    from summed s join judged j using (token)`),
  )
}
