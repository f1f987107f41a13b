import { join, raw, sql, type Query } from '../../engine/sql.ts'
import { cellsOf, type Cells } from './cells.ts'
import { faultOf, placeOf, type Fault, type Load } from './faults.ts'
import { scan } from './group.ts'
import {
  badJson,
  contextColumns,
  deviceDecides,
  happenedAt,
  messageId,
  nobody,
  opened,
  soundJson,
  time,
  timeFaults,
} from './pipelines-cells.ts'
import type { SourceFile } from './recognise.ts'

/**
 * The SDK's semantic calls: facts about devices and people, sent as tracks (reference, section 10). Never events.
 */
const semanticKinds: Readonly<Record<string, string>> = {
  'Device Created or Updated': 'device',
  'Device Deleted': 'device-deleted',
  'User Deleted': 'user-deleted',
  'User Suppressed': 'user-suppressed',
  'User Unsuppressed': 'user-unsuppressed',
  // Nothing that any rule reads; kept, because a later one may.
  'Report Delivery Event': 'report-delivery',
  'Relationship Deleted': 'relationship-deleted',
  'Object Deleted': 'object-deleted',
}

interface Calls {
  readonly cells: Cells
  readonly rows: Query
  readonly file: SourceFile
}

/** Statements that bring files of one stream of the Pipelines destination into the snapshot. */
export function pipelinesLoads(stream: string, files: readonly SourceFile[]): Load[] {
  const [file] = files
  if (file === undefined) return []
  const calls: Calls = { cells: cellsOf(file), rows: scan(files), file }
  const { cells } = calls
  if (stream === 'identifies') return [call(calls, sql`'identify'`, 'traits', common(cells))]
  if (stream === 'aliases') return [call(calls, sql`'alias'`, null, timeFaults(cells))]
  if (stream !== 'tracks') {
    const type = stream === 'pages' ? raw(`'page'`) : stream === 'screens' ? raw(`'screen'`) : deviceDecides
    return [event(calls, type, cells.text('name'), common(cells))]
  }
  const name = sql`coalesce(${cells.text('event_text')}, ${cells.text('event')})`
  const faults = [...common(cells), { when: sql`${name} is null`, reason: 'it has no event name' }]
  const names = join(
    Object.keys(semanticKinds).map((semantic) => sql`${semantic}`),
    ', ',
  )
  const kinds = join(
    Object.entries(semanticKinds).map(([semantic, kind]) => sql`when ${semantic} then ${kind}::varchar`),
    ' ',
  )
  // Of Parquet the bare column, so that its reader can pass over what is not asked for.
  const called =
    file.format === 'parquet' ? cells.bare(cells.has('event_text') ? 'event_text' : 'event') : name
  const isSemantic = sql`${called} in (${names})`
  const only = (rows: Query): Calls => ({ ...calls, rows })
  return [
    event(only(sql`(from ${calls.rows} where (${isSemantic}) is not true)`), raw(`'event'`), name, faults),
    call(
      only(sql`(from ${calls.rows} where ${isSemantic})`),
      sql`case ${name} ${kinds} end`,
      'properties',
      faults,
    ),
  ]
}

const common = (cells: Cells): Fault[] => [
  ...timeFaults(cells),
  nobody(cells),
  ...badJson(cells, 'properties'),
  ...badJson(cells, 'traits'),
  ...badJson(cells, 'context'),
]

function event({ cells, rows, file }: Calls, type: Query, name: Query, faults: readonly Fault[]): Load {
  return {
    kind: 'pipelines',
    table: 'activity',
    query: sql`
      insert into activity by name
      select ${messageId(cells)} as id, ${type} as type, ${name} as name, ${cells.text('user_id')} as customer_id,
        ${happenedAt(cells)} as "at", coalesce(${soundJson(cells, 'properties')}, '{}') as data,
        ${faultOf(faults, placeOf(file, messageId(cells)), cells)} as rest, 'pipelines' as source,
        ${cells.text('anonymous_id')} as anonymous_id, ${time(cells, 'received_at')} as received_at,
        ${time(cells, 'sent_at')} as sent_at, ${contextColumns}
      from ${opened(cells, rows)} record`,
  }
}

/** @param data - the column with the traits or the attributes of the device. */
function call(
  { cells, rows, file }: Calls,
  kind: Query,
  data: string | null,
  faults: readonly Fault[],
): Load {
  return {
    kind: 'pipelines',
    table: 'call',
    query: sql`
      insert into call by name
      select ${messageId(cells)} as id, ${kind} as kind, ${cells.text('user_id')} as user_id,
        ${cells.text('anonymous_id')} as anonymous_id, ${cells.text('previous_id')} as previous_id,
        ${happenedAt(cells)} as "at", ${time(cells, 'received_at')} as received_at, ${time(cells, 'sent_at')} as sent_at,
        ${contextColumns}, ${data === null ? raw(`'{}'`) : sql`coalesce(${soundJson(cells, data)}, '{}')`} as data,
        ${faultOf(faults, placeOf(file, messageId(cells)), cells)} as rest, 'pipelines' as source
      from ${opened(cells, rows)} record`,
  }
}
