import { InterruptedError, RefusedError } from '../../core/errors.ts'
import { streamEnds } from '../../core/tables.ts'
import { ApiError } from '../../customerio/index.ts'
import type { Received } from '../../customerio/index.ts'
import type { LedgerEntry, Page, Reject, StreamEnd } from '../../snapshot/index.ts'
import type { Pull } from './pull.ts'

/** One stream while it is read. */
export interface OpenStream {
  /** As it stood when this process came to it. */
  readonly entry: LedgerEntry
  /** Hands a page over to be committed; waits only when many are waiting already. */
  page(page: Omit<Page, 'stream'>): Promise<void>
  /** Waits until everything handed over is in the file. */
  settled(): Promise<void>
  /** From the beginning again. */
  restart(): Promise<void>
}

const mostUncommitted = 12

/**
 * Reads a stream to its end, unless it had ended before. What the API will not give ends the stream and not the
 * pull: the ledger says why, and the rules that need it become inconclusive. A key that is refused, a host that is
 * not there, a full disk and an interruption end the pull; the stream then stays open and is resumed.
 */
export async function readStream(
  pull: Pull,
  name: string,
  expected: number | null,
  work: (stream: OpenStream) => Promise<StreamEnd | void>,
): Promise<void> {
  const { snapshot, client, options } = pull
  const entry = await snapshot.openStream(name, expected)
  if (entry.state === 'ended') return
  let read = entry.read
  let waiting: Promise<void>[] = []
  const settled = async (): Promise<void> => {
    const all = waiting
    waiting = []
    await Promise.all(all)
  }
  const stream: OpenStream = {
    entry,
    page: async (page) => {
      const done = snapshot.commit({ ...page, stream: name })
      // Its failure is met where it is awaited; until then it must not count as unhandled.
      done.catch(() => undefined)
      waiting.push(done)
      read += page.read
      options.onProgress({ kind: 'page', stream: name, read, expected, requests: client.requests() })
      if (waiting.length >= mostUncommitted) await waiting.shift()
    },
    settled,
    restart: async () => {
      await settled()
      await snapshot.restartStream(name)
      read = 0
    },
  }
  let end: StreamEnd | void
  try {
    end = await work(stream)
  } catch (cause) {
    await settled()
    end = endOf(cause)
  }
  await settled()
  if (end && snapshot.stream(name)?.state === 'open') await snapshot.commit({ stream: name, read: 0, end })
  const last = snapshot.stream(name) ?? entry
  options.onProgress({
    kind: 'stream-ended',
    stream: name,
    read: last.read,
    expected: last.expected,
    rejected: last.rejected,
    complete: last.complete,
    ended: last.ended ?? '',
  })
}

/** How a failed request ends its stream; throws what ends the pull. */
function endOf(cause: unknown): StreamEnd {
  if (!(cause instanceof ApiError) || cause.kind === 'unreachable') throw cause
  return cause.kind === 'forbidden' ? { complete: false, ended: streamEnds.forbidden } : failed(cause.reason)
}

export function failed(reason: string): StreamEnd {
  return { complete: false, ended: `${streamEnds.failed}: ${reason}` }
}

/** Before each request: whether the pull still goes on. */
export function assertGoingOn({ options, stop }: Pull): void {
  if (options.signal.aborted || stop.signal.aborted) throw new InterruptedError()
}

/** People cannot be left out: without them there is nothing to judge. */
export function peopleRefused(cause: unknown): unknown {
  if (!(cause instanceof ApiError) || cause.kind !== 'forbidden') return cause
  return new RefusedError(
    'SOURCE_PEOPLE_FORBIDDEN',
    'The App API key may not read people (403).',
    'Make an App API key whose scope includes reading people (Account Settings, API Credentials, App API Keys) and set it as CIO_APP_API_KEY.',
  )
}

/** Rows of the records that fit, rejects of the others; `position` names the n-th record, counted from 1. */
export function sortRecords<T, R>(
  records: readonly Received<T>[],
  position: (n: number) => string,
  toRow: (value: T, raw: string | null, n: number) => R,
): { readonly rows: Exclude<R, Reject>[]; readonly rejects: Reject[] } {
  const rows: Exclude<R, Reject>[] = []
  const rejects: Reject[] = []
  records.forEach((record, index) => {
    if (!record.fits) {
      rejects.push({ position: position(index + 1), reason: record.reason, raw: record.raw })
      return
    }
    const row = toRow(record.value, record.raw, index + 1)
    if (isReject(row)) rejects.push(row)
    else rows.push(row as Exclude<R, Reject>)
  })
  return { rows, rejects }
}

function isReject(row: unknown): row is Reject {
  return typeof row === 'object' && row !== null && 'reason' in row
}
