import { raw, sql, type Query } from '../../engine/sql.ts'
import { cellsOf, type Cells } from './cells.ts'
import { faultOf, placeOf, type Fault, type Load } from './faults.ts'
import { pathColumn, scan } from './group.ts'
import type { SourceFile } from './recognise.ts'

/** `people_v4_101_2416.parquet`: later files hold what changed after the earlier ones (reference, section 13.1). */
const sequence = raw(String.raw`try_cast(regexp_extract(${pathColumn}, '_(\d+)\.[A-Za-z.]+$', 1) as bigint)`)

/** An unset time appears as 1970-01-01 (reference, section 13.1). */
const setTime = (cells: Cells, column: string): Query =>
  sql`nullif(${cells.time(column)}, timestamp '1970-01-01')`

const missing = (cells: Cells, column: string): Fault => ({
  when: sql`${cells.text(column)} is null`,
  reason: `it has no ${column}`,
})

/** Statements that bring files of one stream of the data-warehouse sync into the snapshot. */
export function warehouseLoads(stream: string, files: readonly SourceFile[]): Load[] {
  const [file] = files
  if (file === undefined) return []
  const cells = cellsOf(file)
  const place = placeOf(file, cells.text('internal_customer_id'))
  const rows = sql`(from ${scan(files)}) record`
  const rest = (...faults: readonly Fault[]): Query =>
    sql`${faultOf(faults, place, cells)} as rest, 'warehouse-sync' as source`
  const load = (table: Load['table'], query: Query): Load[] => [{ kind: 'warehouse-sync', table, query }]
  if (stream === 'people') {
    return load(
      'profile',
      sql`insert into profile by name
        select ${cells.text('internal_customer_id')} as cio_id, ${cells.text('customer_id')} as id, ${cells.text('email_addr')} as email,
          ${setTime(cells, 'created_at')} as created_at, coalesce(${cells.boolean('deleted')}, false) as deleted,
          coalesce(${cells.boolean('suppressed')}, false) as suppressed, ${cells.time('updated_at')} as updated_at,
          ${sequence} as sequence, '{}' as attributes, ${rest(missing(cells, 'internal_customer_id'))}
        from ${rows}`,
    )
  }
  if (stream === 'attributes') {
    return load(
      'attribute_change',
      sql`insert into attribute_change by name
        select ${cells.text('internal_customer_id')} as cio_id, ${cells.text('attribute_name')} as name,
          ${cells.text('attribute_value')} as value, ${cells.time('timestamp')} as "at", ${sequence} as sequence,
          ${rest(missing(cells, 'internal_customer_id'), missing(cells, 'attribute_name'))}
        from ${rows}`,
    )
  }
  if (stream === 'metrics') {
    return load(
      'delivery_metric',
      sql`insert into delivery_metric by name
        select ${cells.text('delivery_id')} as delivery_id, ${cells.text('metric')} as metric, ${cells.text('reason')} as reason,
          ${cells.time('created_at')} as "at", ${rest(missing(cells, 'delivery_id'), missing(cells, 'metric'))}
        from ${rows}`,
    )
  }
  return load(
    'delivery',
    sql`insert into delivery by name
      select ${cells.text('delivery_id')} as id, ${cells.text('internal_customer_id')} as cio_id, ${cells.text('delivery_type')} as type,
        ${cells.integer('campaign_id')} as campaign_id, ${cells.integer('action_id')} as action_id,
        ${cells.integer('newsletter_id')} as newsletter_id, ${cells.text('event_id')} as event_id,
        ${cells.time('created_at')} as created_at, ${rest(missing(cells, 'delivery_id'))}
      from ${rows}`,
  )
}

/** The workspace that files of one stream belong to, where they say it. */
export function workspaceOf(files: readonly SourceFile[]): Query | null {
  const [file] = files
  const cells = file === undefined ? null : cellsOf(file)
  if (cells?.has('workspace_id') !== true) return null
  return sql`select distinct ${cells.integer('workspace_id')} as id from ${scan(files)} record limit 3`
}
