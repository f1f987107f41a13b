import { z } from 'zod'
import { streamEnds, streamNames } from '../../core/tables.ts'
import { ApiError, customersPerRequest } from '../../customerio/index.ts'
import { raw, sql } from '../../engine/sql.ts'
import { customerPage } from './customer-page.ts'
import { inParallel } from './in-parallel.ts'
import type { Pull } from './pull.ts'
import { assertGoingOn, peopleRefused, readStream } from './stream.ts'
import type { OpenStream } from './stream.ts'

/** Requests at once: they do not depend on each other, and one answer takes longer than the pace between two. */
const inFlight = 6
/** Chunks looked up in one go. */
const chunksAhead = 100

/**
 * Which chunks of a hundred are done. Chunks end out of order, so beside the first that is not done stand those
 * after it that are. People are taken by `cio_id`, so a chunk holds the same people whenever it is read.
 */
const progressSchema = z.object({ below: z.number(), also: z.array(z.number()) })
type Progress = z.output<typeof progressSchema>

/** Attributes and devices of everyone whom the search named. */
export async function pullAttributes(pull: Pull): Promise<void> {
  const { snapshot } = pull
  const people = await snapshot.count(raw('select count(*) from person'))
  await readStream(pull, streamNames.attributes, people, async (stream) => {
    const prefix = people === 0 ? '' : await findPrefix(pull)
    await readChunks(pull, stream, prefix)
    await stream.settled()
    const left = await snapshot.count(
      raw(
        'select count(*) from (select cio_id from person except (select cio_id from profile union select cio_id from absent))',
      ),
    )
    return left === 0
      ? { complete: true, ended: streamEnds.endOfCursor }
      : { complete: false, ended: streamEnds.miscounted }
  })
}

async function readChunks(pull: Pull, stream: OpenStream, prefix: string): Promise<void> {
  let progress: Progress =
    stream.entry.cursor === null
      ? { below: 0, also: [] }
      : progressSchema.parse(JSON.parse(stream.entry.cursor))
  for (let first = progress.below; ; first += chunksAhead) {
    const size = customersPerRequest * chunksAhead
    const rows = await pull.snapshot.rows(
      sql`select cio_id from person order by cio_id limit ${size} offset ${first * customersPerRequest}`,
    )
    const ids = rows.map((row) => String(row['cio_id']))
    const chunks: { n: number; ids: string[] }[] = []
    for (let at = 0; at < ids.length; at += customersPerRequest) {
      const n = first + at / customersPerRequest
      if (!progress.also.includes(n)) chunks.push({ n, ids: ids.slice(at, at + customersPerRequest) })
    }
    await inParallel(chunks, inFlight, async ({ n, ids: asked }) => {
      assertGoingOn(pull)
      const { records } = await pull.client
        .readCustomers(asked.map((id) => `${prefix}${id}`))
        .catch((cause: unknown) => Promise.reject(peopleRefused(cause)))
      progress = withDone(progress, n)
      await stream.page({ ...customerPage(records, asked, n + 1), cursor: JSON.stringify(progress) })
    })
    if (ids.length < size) return
  }
}

function withDone({ below, also }: Progress, n: number): Progress {
  const done = new Set([...also, n])
  let next = below
  while (done.delete(next)) next++
  return { below: next, also: [...done].toSorted((a, b) => a - b) }
}

/**
 * Whether the bulk read wants `cio_` before a `cio_id` is not written down (reference, section 3.4), so both are
 * tried once with people who are known to be there; unknown ids are left out of the reply without a word.
 */
async function findPrefix({ snapshot, client }: Pull): Promise<string> {
  const known = await snapshot.meta('probe.cio_id_prefix')
  if (known !== null) return known
  const rows = await snapshot.rows(raw('select cio_id from person order by cio_id limit 5'))
  const ids = rows.map((row) => String(row['cio_id']))
  let found = ''
  for (const prefix of ['', 'cio_']) {
    const count = await client.readCustomers(ids.map((id) => `${prefix}${id}`)).then(
      ({ records }) => records.length,
      (cause: unknown) => {
        if (cause instanceof ApiError && (cause.kind === 'declined' || cause.kind === 'missing')) return 0
        throw peopleRefused(cause)
      },
    )
    if (count === 0) continue
    found = prefix
    break
  }
  await snapshot.setMeta({ 'probe.cio_id_prefix': found })
  return found
}
