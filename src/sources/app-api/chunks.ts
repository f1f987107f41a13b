import { z } from 'zod'
import { sql } from '../../engine/sql.ts'
import type { Page } from '../../snapshot/index.ts'
import { inParallel } from '../in-parallel.ts'
import type { Pull } from './pull.ts'
import { assertGoingOn } from './stream.ts'
import type { OpenStream } from './stream.ts'

/** Chunks at once: they do not depend on each other, and one answer takes longer than the pace between two. */
const inFlight = 6
/** Chunks looked up in one go. */
const chunksAhead = 100

/**
 * Which chunks of people are done. Chunks end out of order, so beside the first that is not done stand those after it
 * that are. People are taken by `cio_id`, so a chunk holds the same people whenever it is read.
 */
const progressSchema = z.object({
  below: z.number(),
  also: z.array(z.number()),
  /** Why not all of a chunk was read, where that was so. */
  cut: z.string().optional(),
})
type Progress = z.output<typeof progressSchema>

export interface ChunkPage extends Omit<Page, 'stream' | 'cursor' | 'end'> {
  readonly cut?: string
}

/**
 * Everybody of `person`, so many at a time. What `read` gives of a chunk goes into the file together with the note that
 * the chunk is done; a resumed pull goes on with the chunks that are not.
 *
 * @returns why a chunk was cut off, now or before an interruption; null when all were read whole.
 */
export async function readChunks(
  pull: Pull,
  stream: OpenStream,
  size: number,
  read: (ids: readonly string[], n: number) => Promise<ChunkPage>,
): Promise<string | null> {
  let progress: Progress =
    stream.entry.cursor === null
      ? { below: 0, also: [] }
      : progressSchema.parse(JSON.parse(stream.entry.cursor))
  for (let first = progress.below; ; first += chunksAhead) {
    const most = size * chunksAhead
    const rows = await pull.snapshot.rows(
      sql`select cio_id from person order by cio_id limit ${most} offset ${first * size}`,
    )
    const ids = rows.map((row) => String(row['cio_id']))
    const chunks: { n: number; ids: string[] }[] = []
    for (let at = 0; at < ids.length; at += size) {
      const n = first + at / size
      if (!progress.also.includes(n)) chunks.push({ n, ids: ids.slice(at, at + size) })
    }
    await inParallel(chunks, inFlight, async ({ n, ids: asked }) => {
      assertGoingOn(pull)
      const { cut = progress.cut, ...page } = await read(asked, n)
      progress = { ...withDone(progress, n), ...(cut === undefined ? {} : { cut }) }
      await stream.page({ ...page, cursor: JSON.stringify(progress) })
    })
    if (ids.length < most) return progress.cut ?? null
  }
}

function withDone({ below, also }: Progress, n: number): Pick<Progress, 'below' | 'also'> {
  const done = new Set([...also, n])
  let next = below
  while (done.delete(next)) next++
  return { below: next, also: [...done].toSorted((a, b) => a - b) }
}
