import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { keepRecords } from './event-records.ts'

/**
 * `keyless_event`: critical events that do not carry the dedupe key which the plan names for them. Those that files show
 * with a message id are left out: by that id Customer.io has dropped the repeats.
 */
export async function buildKeylessEvents(db: Database): Promise<void> {
  await keepRecords(
    db,
    'keyless_event',
    raw(`
    select e.seq, e.person, e.name, e.happened_at from event e join event_name n using (name, type)
    where n.critical and n.keyed and e.key_hash is null`),
  )
  await db.run(raw("delete from keyless_event where source = 'pipelines' and id is not null"))
}
