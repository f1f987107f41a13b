import { SourceError } from '../../core/errors.ts'
import { streamEnds, streamNames } from '../../core/tables.ts'
import { ApiError, peoplePerPage } from '../../customerio/index.ts'
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
        client.searchPeople(start, peoplePerPage).catch(async (cause: unknown) => {
          const refused = peopleRefused(cause)
          if (start !== null || !(refused instanceof ApiError) || refused.kind === 'unreachable')
            throw refused
          // The small lists may have ended in the same failure, and one that has ended is not read again.
          await snapshot.restart()
          throw nobodyRead(refused)
        }),
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

/** Not even the first page: there is nothing to judge, and what was pulled before must not give way to it. */
function nobodyRead({ message }: ApiError): SourceError {
  return new SourceError(
    'SOURCE_REQUEST',
    `Nobody could be read, and without people there is nothing to judge. ${message}`,
    'Check the address (CIO_APP_API_URL, CIO_REGION) and the network, then run the same command again; a snapshot that was finished before is kept.',
  )
}

/** The workspace's count may be two hours old, so one in a hundred may be missing or new. */
export function compared(found: number, expected: number | null): StreamEnd {
  if (expected === null || Math.abs(found - expected) <= expected * 0.01) {
    return { complete: true, ended: streamEnds.endOfCursor }
  }
  return { complete: false, ended: found < expected ? streamEnds.miscounted : 'more than expected' }
}
