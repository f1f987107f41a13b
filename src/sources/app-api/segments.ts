import { streamEnds, streamNames } from '../../core/tables.ts'
import { raw, sql } from '../../engine/sql.ts'
import { ApiError } from '../../customerio/index.ts'
import type { Pull } from './pull.ts'
import { segmentRow } from './rows.ts'
import { assertGoingOn, readStream, sortRecords } from './stream.ts'

/** All segments; then the size of those that a campaign triggers on or filters by (each costs a request). */
export async function pullSegments(pull: Pull): Promise<void> {
  const { client, snapshot } = pull
  await readStream(pull, streamNames.segments, null, async (stream) => {
    if (stream.entry.cursor === null) {
      const { records } = await client.segments()
      const { rows, rejects } = sortRecords(records, (n) => `record ${n}`, segmentRow)
      await stream.page({ read: records.length, rows: { segment: rows }, rejects, cursor: 'listed' })
      await stream.settled()
    }
    for (const { id: text } of await snapshot.rows(usedAndUncounted)) {
      assertGoingOn(pull)
      const id = BigInt(String(text))
      const count = await client.segmentCount(id).catch((cause: unknown) => {
        // Deleted since it was listed: nobody is in it.
        if (cause instanceof ApiError && cause.kind === 'missing') return 0n
        throw cause
      })
      await stream.page({
        read: 0,
        statements: [sql`update segment set people = ${count} where id = ${id}`],
        cursor: 'counted',
      })
    }
    return { complete: true, ended: streamEnds.endOfCursor }
  })
}

const usedAndUncounted = raw(`
  select id::varchar as id from segment
  where people is null and id in (
    select unnest(from_json(trigger_segments, '["BIGINT"]')) from campaign where json_valid(trigger_segments)
    union select unnest(from_json(filter_segments, '["BIGINT"]')) from campaign where json_valid(filter_segments))
  order by segment.id`)
