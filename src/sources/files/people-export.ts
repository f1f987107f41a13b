import { join, raw, sql, type Query } from '../../engine/sql.ts'
import { cellsOf, identsOf } from './cells.ts'
import { faultOf, placeOf, type Load } from './faults.ts'
import { pathColumn, scan } from './group.ts'
import type { SourceFile } from './recognise.ts'

/** True for `true`, `TRUE`, `1`; anything else means subscribed (reference, section 3.4). */
const isTrue = (value: Query): Query => sql`coalesce(lower(${value}) in ('true', '1'), false)`

/** The statement that brings people exports into the snapshot: every column of the file is an attribute, `sequence` the place of the file. */
export function peopleExportLoads(files: readonly SourceFile[]): Load[] {
  const [file] = files
  if (file === undefined) return []
  const cells = cellsOf(file)
  const attributes = join(
    [...identsOf(file.columns, file.format)].map(
      ([name, ident]) => sql`${name}::varchar, nullif(${raw(ident)}::varchar, '')`,
    ),
    ', ',
  )
  const named = sql`coalesce(${cells.text('cio_id')}, ${cells.text('id')}, ${cells.text('email')}, ${cells.text('phone')})`
  const fault = { when: sql`${named} is null`, reason: 'it names nobody: no cio_id, id, email or phone' }
  const paths = sql`${files.map(({ path }) => path)}::varchar[]`
  const places = sql`${files.map(({ place }) => String(place))}::varchar[]`
  const query = sql`
    insert into profile by name
    select ${cells.text('cio_id')} as cio_id, ${cells.text('id')} as id, ${cells.text('email')} as email, ${cells.text('phone')} as phone,
      ${cells.time('created_at')} as created_at, ${isTrue(cells.text('unsubscribed'))} as unsubscribed,
      json_object(${attributes})::varchar as attributes, ${faultOf([fault], placeOf(file, named), cells)} as rest,
      'people-export' as source, (${places})[list_position(${paths}, ${raw(pathColumn)})]::bigint as sequence
    from (from ${scan(files)}) record`
  return [{ kind: 'people-export', table: 'profile', query }]
}
