import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/** Names that teams give to journeys that are only for themselves. `A/B test` is none of them. */
const ownWords = String.raw`(?:^|[^a-z])(?:qa|internal|staging|testers?)(?:[^a-z]|$)|^[^a-z]*tests?(?:[^a-z]|$)`

/**
 * `tester_send`: whom of the testers each journey sent to in the window, one row per journey and profile.
 *
 * Left out is what a team does on purpose, as far as that can be told: journeys that went to testers alone, those that are
 * still drafts, and those that are named after it. Names and states are known where the App API is read too.
 */
export async function buildTesterSends(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table reached as
    select s.journey, s.cio_id, count(*) as sends, min(s."at") as first_at, max(s."at") as last_at, any_value(t.reason) as reason,
      any_value(t.marked) as marked
    from send s left join tester t using (cio_id) group by s.journey, s.cio_id`),
  )
  await db.run(sql`
    create table tester_send as
    with meant as (
      select journey from reached group by journey having count(*) = count(reason)
      union all
      select id from journey where state = 'draft' or regexp_matches(lower(name), ${ownWords})
    )
    from reached where reason is not null and journey not in (select journey from meant)`)
  await db.run(raw('drop table reached'))
}
