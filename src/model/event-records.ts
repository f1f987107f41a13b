import type { Database } from '../engine/database.ts'
import { raw, sql, type Query } from '../engine/sql.ts'
import { runOverHappenings } from './happenings.ts'

/**
 * Some events as a table that evidence is made of: what `chosen` says of them but for `seq` and `person`, and their `id`,
 * `source` and `cio_id`. Only the ids are read again, and only those of the chosen.
 *
 * @param chosen - columns `seq`, `person` and whatever the table is to hold beside.
 */
export async function keepRecords(db: Database, table: string, chosen: Query): Promise<void> {
  await db.run(sql`create temp table chosen as ${chosen}`)
  await runOverHappenings(
    db,
    raw(`
    create table ${table} as
    select a.id, a.source, p.cio_id, c.* exclude (seq, person)
    -- equivalent mutants [where true]: the join leaves out the others too, after all ids have been read
    from (select rowid as seq, id, source from snap.activity where rowid in (select seq from chosen)) a
    join chosen c using (seq) left join person p using (person)`),
  )
  await db.run(raw('drop table chosen'))
}
