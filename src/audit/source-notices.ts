import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import type { Facts } from './facts.ts'

const listed = 10

/** What a reader must know of how the sources were read: files left aside, calls that came twice, events from two sides. */
export async function sourceNotices(db: Database, { repeatedCalls }: Facts): Promise<string[]> {
  const aside = await db.rows(raw('select name, note from snap.file where stream is null order by name'))
  const [both] = await db.rows(raw('select matched, only_api, only_files from double_source'))
  return [
    ...(repeatedCalls === 0
      ? []
      : [
          `${repeatedCalls === 1 ? '1 call' : `${repeatedCalls} calls`} of the files came again under the same message id; each counts once.`,
        ]),
    ...(both === undefined
      ? []
      : [
          `Events came over the API and in files: ${Number(both['matched'])} both ways (they count once), ${Number(both['only_api'])} only over the API, ${Number(both['only_files'])} only in files.`,
        ]),
    ...aside.slice(0, listed).map(({ name, note }) => `${String(name)} was left aside: ${String(note)}.`),
    ...(aside.length > listed ? [`${aside.length - listed} more files were left aside.`] : []),
  ]
}
