import type { Database } from '../engine/database.ts'
import { sql } from '../engine/sql.ts'

/**
 * `new_profile`: known profiles that were created in the window.
 * `merged_visitor`: profiles to which anonymous activity was attached in the window, as the App API's `anon_merge` tells.
 */
export async function buildNewcomers(db: Database, since: Date, until: Date): Promise<void> {
  await db.run(sql`
    create table new_profile as
    select p.cio_id, p.created_at, a.app_active from profile p join audience a using (cio_id)
    where not p.anonymous and p.created_at between ${since}::timestamp and ${until}::timestamp`)
  await db.run(sql`
    create table merged_visitor as
    select cio_id, count(*) as merges, max("at") as last_at from snap.activity
    where type = 'anon_merge' and "at" between ${since}::timestamp and ${until}::timestamp group by cio_id`)
}
