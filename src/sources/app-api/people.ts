import { streamEnds, streamNames } from '../../core/tables.ts'
import { peoplePerPage } from '../../customerio/index.ts'
import { raw } from '../../engine/sql.ts'
import type { StreamEnd } from '../../snapshot/index.ts'
import { readCursor } from './cursor.ts'
import type { Pull } from './pull.ts'
import { personRow } from './rows.ts'
import { peopleRefused, readStream, sortRecords } from './stream.ts'

/** Everyone, by one serial cursor. `expected` is the workspace's own count. */
export async function pullPeople(pull: Pull, expected: number | null): Promise<void> {
  const { client, snapshot } = pull
  await readStream(pull, streamNames.people, expected, async (stream) => {
    const isAtEnd = await readCursor(pull, stream, {
      isCompleteAtEnd: false,
      fetch: (start) =>
        client
          .searchPeople(start, peoplePerPage)
          .catch((cause: unknown) => Promise.reject(peopleRefused(cause))),
      store: ({ records }, { page }) => {
        const { rows, rejects } = sortRecords(records, (n) => `page ${page + 1}, record ${n}`, personRow)
        return { read: records.length, rows: { person: rows }, rejects }
      },
    })
    if (!isAtEnd) return
    await stream.settled()
    return compared(await snapshot.count(raw('select count(*) from person')), expected)
  })
}

/** The workspace's count may be two hours old, so one in a hundred may be missing or new. */
export function compared(found: number, expected: number | null): StreamEnd {
  if (expected === null || Math.abs(found - expected) <= expected * 0.01) {
    return { complete: true, ended: streamEnds.endOfCursor }
  }
  return { complete: false, ended: found < expected ? streamEnds.miscounted : 'more than expected' }
}
