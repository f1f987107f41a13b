import { streamEnds, streamNames } from '../../core/tables.ts'
import {
  activitiesPerPage,
  ApiError,
  type Activity,
  type Page as ApiPage,
  type Received,
} from '../../customerio/index.ts'
import { readChunks, type ChunkPage } from './chunks.ts'
import { isSamePage, samePage } from './cursor.ts'
import { isPastBound, nothingSeen, watchOrder } from './order.ts'
import type { Pull } from './pull.ts'
import { activityRow } from './rows.ts'
import { assertGoingOn, failed, readStream, sortRecords } from './stream.ts'

/** Nobody does twenty thousand things in a month: that is a loop, and the newest of it tell enough. */
const mostPagesEach = 200

/**
 * What each of the people in the snapshot did, person by person: for a sample, whose activities would otherwise have to
 * be looked for among those of everybody. It stands in the stream of all activities, since of these people it is all.
 */
export async function pullOwnActivities(pull: Pull): Promise<void> {
  await readStream(pull, streamNames.activitiesRest, null, async (stream) => {
    const budget = { left: (pull.options.maxActivities ?? Number.POSITIVE_INFINITY) - stream.entry.read }
    const cut = await readChunks(pull, stream, 1, async ([cioId = ''], n) => {
      const own = await readOwn(pull, cioId, budget)
      return pageOf(own, cioId, n + 1)
    })
    await stream.settled()
    return { complete: cut === null, ended: cut ?? streamEnds.endOfCursor }
  })
}

interface Own {
  readonly records: readonly Received<Activity>[]
  /** Why not all of theirs was read. */
  readonly cut?: string
}

/** @param budget - activities that may still be read, of everybody together. */
async function readOwn(pull: Pull, cioId: string, budget: { left: number }): Promise<Own> {
  const records: Received<Activity>[] = []
  const followed = new Set<string>()
  let order = nothingSeen
  let start: string | null = null
  let last: ApiPage<Activity> | null = null
  for (let page = 1; page <= mostPagesEach && budget.left > 0; page += 1) {
    assertGoingOn(pull)
    const answer: ApiPage<Activity> = await pull.client
      .activities({ cioId, start, limit: activitiesPerPage })
      .catch((cause: unknown) => {
        // Gone since the search named them.
        if (cause instanceof ApiError && cause.kind === 'missing') return { records: [], next: null }
        throw cause
      })
    // Others have been asked meanwhile, so there may be less room than there was.
    const found = answer.records.slice(0, Math.max(0, budget.left))
    budget.left -= found.length
    records.push(...found)
    if (found.length < answer.records.length) break
    const dated = found.map((record) =>
      record.fits
        ? { id: record.value.id, time: record.value.at?.getTime() ?? null }
        : { id: '', time: null },
    )
    order = watchOrder(order, dated)
    const { next } = answer
    if (next === null || isPastBound(order, dated, pull.since)) return { records }
    if (followed.has(next)) return { records, cut: failed('cursor repeated').ended }
    if (isSamePage(answer, last)) return { records, cut: failed(samePage).ended }
    followed.add(next)
    last = answer
    start = next
  }
  return { records, cut: streamEnds.maxActivities }
}

function pageOf({ records, cut }: Own, cioId: string, n: number): ChunkPage {
  const { rows, rejects } = sortRecords(
    records,
    (number) => `person ${n}, record ${number}`,
    // Of their own activities some copies of the API leave the person out.
    (activity, raw) => activityRow({ ...activity, cioId: activity.cioId ?? cioId }, raw),
  )
  return {
    read: records.length,
    rows: { activity: rows },
    rejects,
    ...(cut === undefined ? {} : { cut }),
  }
}
