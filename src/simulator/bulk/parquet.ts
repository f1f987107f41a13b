import type { Database } from '../../engine/database.ts'
import { raw } from '../../engine/sql.ts'
import { loadNull, loadQuote } from './formats.ts'
import type { Column, Table } from './table.ts'

/** As large as the row groups that Customer.io's readers meet, and small enough to be written in little memory. */
const rowGroupSize = 100_000

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

function typeOf({ kind }: Column): string {
  if (kind === 'timestamp') return 'TIMESTAMP'
  if (kind === 'boolean') return 'BOOLEAN'
  return kind === 'integer' ? 'BIGINT' : 'VARCHAR'
}

/** Text that `loadFormat` wrote becomes Parquet, without passing through JavaScript again. */
export async function copyToParquet(
  database: Database,
  table: Table,
  from: string,
  to: string,
): Promise<void> {
  const columns = table.columns.map((column) => `${literal(column.name)}: ${literal(typeOf(column))}`)
  const reader = [
    literal(from),
    'auto_detect = false',
    'header = false',
    "delim = '\t'",
    `quote = '${loadQuote}'`,
    `escape = '${loadQuote}'`,
    `nullstr = ${literal(loadNull)}`,
    "new_line = '\\n'",
    "timestampformat = '%Y-%m-%dT%H:%M:%S.%gZ'",
    `columns = {${columns.join(', ')}}`,
  ]
  await database.run(
    raw(
      `copy (select * from read_csv(${reader.join(', ')})) to ${literal(to)}
       (format parquet, compression zstd, row_group_size ${rowGroupSize})`,
    ),
  )
}
