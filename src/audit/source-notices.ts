import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { counted } from '../core/counted.ts'
import type { Facts } from './facts.ts'

const listed = 10

/** What a reader must know of how the sources were read: files left aside, what came twice, events from two sides. */
export async function sourceNotices(
  db: Database,
  { repeatedCalls, supersededRecords }: Pick<Facts, 'repeatedCalls' | 'supersededRecords'>,
): Promise<string[]> {
  const aside = await db.rows(raw('select name, note from snap.file where stream is null order by name'))
  const [both] = await db.rows(raw('select matched, only_api, only_files from double_source'))
  const absent = Number(
    await db.scalar(
      raw('select (select count(*) from absent_row) + (select count(*) from absent_user where key is null)'),
    ),
  )
  const moved = Number(await db.scalar(raw('select count(*) from absent_user where key is not null')))
  return [
    ...(absent === 0
      ? []
      : [
          `${counted(absent, 'person', 'people')} of the files ${absent === 1 ? 'is' : 'are'} not in the workspace (merged, deleted, or of another one) and ${absent === 1 ? 'was' : 'were'} left out.`,
        ]),
    ...(moved === 0
      ? []
      : [
          `${counted(moved, 'user id')} of the files ${moved === 1 ? 'belongs' : 'belong'} to nobody in the workspace; ${moved === 1 ? 'it counts' : 'they count'} as the one person there with the same e-mail.`,
        ]),
    ...(repeatedCalls === 0
      ? []
      : [
          `${repeatedCalls === 1 ? '1 call' : `${repeatedCalls} calls`} of the files came again under the same message id; each counts once.`,
        ]),
    ...(supersededRecords === 0
      ? []
      : [
          `${counted(supersededRecords, 'record')} of people exports ${supersededRecords === 1 ? 'was' : 'were'} left out: a later file, in the order of names, tells of the same people. Whom an earlier file alone names still counts.`,
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
