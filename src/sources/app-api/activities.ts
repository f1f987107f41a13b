import { streamEnds, streamNames } from '../../core/tables.ts'
import { activitiesPerPage } from '../../customerio/index.ts'
import type { Activity } from '../../customerio/index.ts'
import { raw, sql } from '../../engine/sql.ts'
import { inParallel } from '../in-parallel.ts'
import { readCursor } from './cursor.ts'
import { isPastBound, watchOrder } from './order.ts'
import { compared } from './people.ts'
import type { Pull } from './pull.ts'
import { activityRow } from './rows.ts'
import { readStream, sortRecords } from './stream.ts'

/** Failures, devices and life cycle: few, and worth more than anything else, so they are read first. */
export const leadingTypes = [
  'failed_event',
  'failed_attribute_change',
  'failed_batch_update',
  'skipped_update',
  'device_change',
  'profile_create',
  'profile_delete',
  'profile_merge',
  'anon_merge',
  'bounced_push',
  'dropped_push',
  'undeliverable_push',
] as const

/** Cursors at once: each is serial, so only several keep the pace. */
const inFlight = 6

interface ActivityStream {
  readonly name: string
  readonly query: { readonly type?: string; readonly name?: string }
}

/** In the order of worth: whatever ends the pull early, the most telling part has been read. */
export async function pullActivities(pull: Pull): Promise<void> {
  await inParallel(await activityStreams(pull), inFlight, async (stream) => {
    try {
      await pullStream(pull, stream)
    } catch (cause) {
      pull.stop.abort()
      throw cause
    }
  })
  await compareAll(pull)
}

/**
 * What has a name stands among all activities too. A list of all that is shorter than what is known was cut, whatever its
 * cursor says. Whether it shows the leading types is not written down, so they are left out.
 */
async function compareAll({ snapshot, since, started }: Pull): Promise<void> {
  const stream = streamNames.activitiesRest
  const all = snapshot.stream(stream)
  if (all?.complete !== true) return
  const known = await snapshot.count(sql`
    select count(*) from activity
    where source = 'app-api' and type <> all(${[...leadingTypes]}::varchar[])
      and "at" between ${since}::timestamp and ${started}::timestamp`)
  if (all.read >= known) return
  const end = compared(all.read, known)
  if (!end.complete) await snapshot.commit({ stream, read: 0, end })
}

export async function activityStreams(pull: Pull): Promise<readonly ActivityStream[]> {
  const triggers = await pull.snapshot.rows(
    raw('select distinct event_name from campaign where event_name is not null order by event_name'),
  )
  const names = new Set([...pull.options.eventNames, ...triggers.map((row) => String(row['event_name']))])
  return [
    ...leadingTypes.map((type) => ({ name: streamNames.activityType(type), query: { type } })),
    ...[...names].map((name) => ({ name: streamNames.eventName(name), query: { type: 'event', name } })),
    { name: streamNames.activitiesRest, query: {} },
  ]
}

async function pullStream(pull: Pull, { name, query }: ActivityStream): Promise<void> {
  const { client, since } = pull
  const most = pull.options.maxActivities ?? Number.POSITIVE_INFINITY
  await readStream(pull, name, null, async (stream) => {
    await readCursor<Activity>(pull, stream, {
      isCompleteAtEnd: true,
      fetch: (start, read) =>
        client.activities({ ...query, start, limit: Math.min(activitiesPerPage, Math.max(1, most - read)) }),
      store: ({ records }, { page, order }) => {
        const { rows, rejects } = sortRecords(records, (n) => `page ${page + 1}, record ${n}`, activityRow)
        const dated = records.flatMap((record) => (record.fits ? [dateOf(record.value)] : []))
        return { read: records.length, rows: { activity: rows }, rejects, order: watchOrder(order, dated) }
      },
      endAfter: ({ records }, { order }, read) => {
        const dated = records.map((record) => (record.fits ? dateOf(record.value) : { id: '', time: null }))
        if (isPastBound(order, dated, since)) return { complete: true, ended: streamEnds.sinceBound }
        return read >= most ? { complete: false, ended: streamEnds.maxActivities } : null
      },
    })
  })
}

function dateOf({ id, at }: Activity): { id: string; time: number | null } {
  return { id, time: at?.getTime() ?? null }
}
