import { createHash } from 'node:crypto'
import { UsageError } from '../../core/errors.ts'
import { filesEnd } from '../../core/tables.ts'
import { isoSeconds } from '../../core/time.ts'
import { raw, sql } from '../../engine/sql.ts'
import type { Snapshot } from '../../snapshot/index.ts'
import { groupsOf } from './group.ts'
import type { FoundSource } from './index.ts'
import { endsTheLoad } from './reasons.ts'
import type { SourceFile } from './recognise.ts'
import { workspaceOf } from './warehouse.ts'

/** A time after this is a mistake of somebody's clock, and no "now". */
const ahead = 86_400_000

/**
 * What the audit must know of the files as a whole: their "now", where they begin, which of their streams broke off before that,
 * and which workspace they are of.
 */
export async function factsOf(
  snapshot: Snapshot,
  found: readonly FoundSource[],
  now: Date,
): Promise<Record<string, string>> {
  const latest = new Date(now.getTime() + ahead)
  const [row] = await snapshot.rows(sql`
    with arrival as (
      select max(received_at) as last_at, min(received_at) as first_at from activity where source = 'pipelines' and received_at < ${latest}::timestamp
      union all
      select max(received_at), min(received_at) from call where received_at < ${latest}::timestamp
    ), change as (
      select max(updated_at) as last_at from profile where source = 'warehouse-sync' and updated_at < ${latest}::timestamp
      union all
      select max("at") from attribute_change where "at" < ${latest}::timestamp
      union all
      select max(created_at) from profile where source = 'people-export' and created_at < ${latest}::timestamp
    )
    -- To the end of its second, so that what happened within it still lies before the "now".
    select (select date_trunc('second', max(last_at) + interval 999 milliseconds) from arrival) as arrived,
      (select date_trunc('second', max(last_at) + interval 999 milliseconds) from change) as changed,
      (select min(first_at) from arrival) as began`)
  // A people export may say no time at all.
  const modified = found
    .flatMap(({ files }) => files)
    .reduce((last, file) => Math.max(last, file.modified.getTime()), -Infinity)
  const asOf = row?.['arrived'] ?? row?.['changed'] ?? isoSeconds(new Date(modified))
  return {
    files_as_of: String(asOf),
    ...(row?.['began'] == null ? {} : { files_since: String(row['began']) }),
    ...(row?.['arrived'] == null ? {} : await brokenOff(snapshot, String(row['arrived']), latest)),
    ...(await workspaceFact(snapshot, found)),
  }
}

/**
 * The last arrival of a stream that came for a week and then was silent to the end of all files: for a day at least, and for more than
 * three times as long as ever in their last thirty days. Each stream has files of its own, and those of one can be left
 * behind. Only tracks and identifies: a shop can do without screens or pages from one release to the next. By whole hours,
 * so that ten million arrivals need no sorting.
 */
async function brokenOff(snapshot: Snapshot, arrived: string, latest: Date): Promise<Record<string, string>> {
  const [from, until] = [sql`${arrived}::timestamp - interval 30 days`, sql`${latest}::timestamp`]
  const rows = await snapshot.rows(sql`
    with busy as (
      select 'tracks' as stream, date_trunc('hour', received_at) as hour, max(received_at) as last_at
      from activity where source = 'pipelines' and type = 'event' and received_at between ${from} and ${until} group by hour
      union all
      select 'identifies', date_trunc('hour', received_at) as hour, max(received_at)
      from call where kind = 'identify' and received_at between ${from} and ${until} group by hour
    ), silence as (
      select *, hour - lag(hour) over (partition by stream order by hour) as gap from busy
    )
    select stream, max(last_at) as ended from silence group by stream
    having max(hour) - min(hour) >= interval 7 days
      and ${arrived}::timestamp - max(last_at) > greatest(interval 24 hours, 3 * max(gap))`)
  return Object.fromEntries(rows.map(({ stream, ended }) => [`${filesEnd}${String(stream)}`, String(ended)]))
}

async function workspaceFact(
  snapshot: Snapshot,
  found: readonly FoundSource[],
): Promise<Record<string, string>> {
  const ids = new Set<string>()
  const add = async (files: readonly SourceFile[]): Promise<void> => {
    const query = workspaceOf(files)
    if (query === null) return
    try {
      for (const { id } of await snapshot.rows(query)) if (id !== null) ids.add(String(id))
    } catch (cause) {
      if (endsTheLoad(cause)) throw cause
      // A damaged file, which the ledger names already; the others say which workspace it is.
      if (files.length > 1) for (const file of files) await add([file])
    }
  }
  const warehouse = found.flatMap(({ files }) => files).filter(({ kind }) => kind === 'warehouse-sync')
  for (const { files } of groupsOf(warehouse)) await add(files)
  const known = (await snapshot.rows(raw('select id::varchar as id from workspace limit 1')))[0]?.['id']
  if (typeof known === 'string') ids.add(known)
  if (ids.size > 1) {
    throw new UsageError(
      'USAGE_SOURCE',
      `The sources belong to different workspaces (${[...ids].toSorted().join(', ')}).`,
      'Name sources of one workspace.',
    )
  }
  const [id] = ids
  return id === undefined ? {} : { workspace_id: id }
}

/**
 * The files in one value, whatever their order and names of folders: equal bytes give an equal snapshot. Where one people export
 * took the place of another's records, their order counts too.
 */
export async function filesHash(
  snapshot: Snapshot,
  before: string,
  supersededRecords: number,
): Promise<string> {
  const ordered = raw(String(supersededRecords > 0))
  const rows = await snapshot.rows(
    sql`select stream, sha256 from file where stream is not null
      order by stream, case when ${ordered} and source = 'people-export' then rowid end, sha256`,
  )
  const hash = createHash('sha256').update(before)
  for (const { stream, sha256 } of rows) hash.update(`\n${String(stream)}:${String(sha256)}`)
  return `sha256:${hash.digest('hex')}`
}
