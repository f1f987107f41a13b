import { sampleKeys } from '../../core/tables.ts'
import { raw, sql } from '../../engine/sql.ts'
import type { Pull, SampleWanted } from './pull.ts'

/** As it is kept, so that a pull that goes on can tell whether it draws the same people. */
export function sampleText(sample: SampleWanted | undefined): string {
  return sample === undefined ? '' : `${sample.people}:${sample.seed}`
}

/**
 * Of everybody whom the search named the drawn ones stay. Who they are hangs on the seed and on each `cio_id` alone, so
 * it does not matter in which order they were named, nor whether the pull was interrupted before.
 *
 * @returns whether only a part is read; false where there are no more people than were asked for.
 */
export async function drawPeople({ snapshot, options }: Pull): Promise<boolean> {
  const { sample } = options
  if (sample === undefined) return false
  if ((await snapshot.meta(sampleKeys.of)) !== null) return true
  const of = await snapshot.count(raw('select count(*) from person'))
  if (of <= sample.people) {
    options.onProgress({
      kind: 'notice',
      message: `The workspace has no more than ${sample.people} people, so everybody is read.`,
    })
    return false
  }
  await snapshot.transact(async (database) => {
    await database.run(sql`
      delete from person where cio_id not in (
        select cio_id from person order by md5(${`${sample.seed}:`} || cio_id), cio_id limit ${sample.people})`)
    await database.run(sql`insert into meta values (${sampleKeys.of}, ${String(of)})`)
  })
  return true
}
