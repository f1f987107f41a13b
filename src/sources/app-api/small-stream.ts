import { streamEnds } from '../../core/tables.ts'
import { ApiError } from '../../customerio/index.ts'
import type { Snapshot, StreamEnd } from '../../snapshot/index.ts'
import { failed } from './stream.ts'

/**
 * A stream of a few requests, for commands that look instead of pulling. One that may not be read ends incomplete, and the
 * command goes on; nobody there ends it.
 */
export async function smallStream<T>(
  snapshot: Snapshot,
  name: string,
  work: () => Promise<T>,
): Promise<Exclude<T, StreamEnd | undefined> | null> {
  await snapshot.openStream(name, null)
  let end: StreamEnd = { complete: true, ended: streamEnds.endOfCursor }
  let result: T | null = null
  try {
    result = await work()
    if (isEnd(result)) end = result
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.kind === 'unreachable') throw cause
    end = cause.kind === 'forbidden' ? { complete: false, ended: streamEnds.forbidden } : failed(cause.reason)
  }
  await snapshot.commit({ stream: name, read: 0, end })
  return result === null || result === undefined || isEnd(result)
    ? null
    : (result as Exclude<T, StreamEnd | undefined>)
}

const isEnd = (value: unknown): value is StreamEnd =>
  typeof value === 'object' && value !== null && 'ended' in value && 'complete' in value
