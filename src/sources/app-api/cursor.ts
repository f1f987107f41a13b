import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { streamEnds } from '../../core/tables.ts'
import { ApiError } from '../../customerio/index.ts'
import type { Page as ApiPage } from '../../customerio/index.ts'
import type { Page, StreamEnd } from '../../snapshot/index.ts'
import { nothingSeen } from './order.ts'
import type { Pull } from './pull.ts'
import { assertGoingOn, failed } from './stream.ts'
import type { OpenStream } from './stream.ts'

/** Where a cursor stream is: kept in the ledger after each page, so that a resumed pull decides as this one would. */
const stateSchema = z.object({
  /** Pages read. */
  page: z.number(),
  next: z.string().nullable(),
  /** Pages without records in a row. */
  empty: z.number(),
  order: z.object({
    rows: z.number(),
    risesInTime: z.number(),
    risesInId: z.number(),
    lastTime: z.number().nullable(),
    lastId: z.string().nullable(),
  }),
})
export type CursorState = z.output<typeof stateSchema>

const fromTheBeginning: CursorState = { page: 0, next: null, empty: 0, order: nothingSeen }
/** Pages without records but with a live cursor have been seen; this many of them are followed. */
const mostEmptyPages = 3

export interface CursorReader<T> {
  /** @param read records read so far. */
  fetch(start: string | null, read: number): Promise<ApiPage<T>>
  /** What goes into the file. `before` is the state that the page was asked for in. */
  store(
    page: ApiPage<T>,
    before: CursorState,
  ): Omit<Page, 'stream' | 'cursor' | 'end'> & { readonly order?: CursorState['order'] }
  /** A reason to end beside the end of the cursor. */
  endAfter?(page: ApiPage<T>, after: CursorState, read: number): StreamEnd | null
  /** Whether the end of the cursor is all that completeness needs. Otherwise the caller ends the stream. */
  readonly isCompleteAtEnd: boolean
}

/**
 * Follows a cursor page by page. Its end goes into the file together with the last page: if a kill could part them,
 * the resumed pull would ask for one page more and count it.
 *
 * @returns false when the stream was ended; true at an end of the cursor that is not the whole answer.
 */
export async function readCursor<T>(
  pull: Pull,
  stream: OpenStream,
  reader: CursorReader<T>,
): Promise<boolean> {
  let state =
    stream.entry.cursor === null ? fromTheBeginning : stateSchema.parse(JSON.parse(stream.entry.cursor))
  let { read } = stream.entry
  let isResumed = state.page > 0
  if (isResumed && state.next === null) return true
  const followed = new Set([state.next])
  let last: ApiPage<T> | null = null
  for (;;) {
    assertGoingOn(pull)
    let page: ApiPage<T>
    try {
      page = await reader.fetch(state.next, read)
    } catch (cause) {
      // How long a cursor lives is not known; one that the API no longer takes costs a fresh start of its stream.
      if (
        !isResumed ||
        !(cause instanceof ApiError) ||
        (cause.kind !== 'declined' && cause.kind !== 'missing')
      )
        throw cause
      pull.options.onProgress({
        kind: 'notice',
        message: `${stream.entry.name}: the cursor of the interrupted pull is no longer valid, so this part is read again.`,
      })
      await stream.restart()
      state = fromTheBeginning
      last = null
      read = 0
      isResumed = false
      continue
    }
    isResumed = false
    const { order = state.order, ...stored } = reader.store(page, state)
    const empty = page.records.length === 0 ? state.empty + 1 : 0
    const after: CursorState = { page: state.page + 1, next: page.next, empty, order }
    read += stored.read
    const end =
      endOf(page, after, followed) ?? repeated(page, last) ?? reader.endAfter?.(page, after, read) ?? null
    const isLeft = end?.complete === true && !reader.isCompleteAtEnd
    await stream.page({ ...stored, cursor: JSON.stringify(after), ...(end && !isLeft ? { end } : {}) })
    if (end) return isLeft
    followed.add(page.next)
    last = page
    state = after
  }
}

function endOf(
  page: ApiPage<unknown>,
  after: CursorState,
  followed: ReadonlySet<string | null>,
): StreamEnd | null {
  if (page.next === null) return { complete: true, ended: streamEnds.endOfCursor }
  if (followed.has(page.next)) return failed('cursor repeated')
  if (after.empty > mostEmptyPages) return failed(`${after.empty} empty pages in a row`)
  return null
}

export const samePage = 'the same page came twice'

/**
 * A server that takes no notice of the cursor gives the first page for ever, each time with a new cursor. Records have
 * ids, so no two pages of a list are alike.
 */
export function isSamePage(page: ApiPage<unknown>, last: ApiPage<unknown> | null): boolean {
  return last !== null && isDeepStrictEqual(page.records, last.records)
}

function repeated(page: ApiPage<unknown>, last: ApiPage<unknown> | null): StreamEnd | null {
  // Of empty ones some are followed.
  return page.records.length > 0 && isSamePage(page, last) ? failed(samePage) : null
}
