import { join, raw, sql, type Query } from '../../engine/sql.ts'
import { identsOf } from './cells.ts'
import { literalPath } from './parquet-columns.ts'
import type { SourceFile } from './recognise.ts'

/** Files of one stream that one statement can read: same format, same columns. */
export interface Group {
  readonly files: readonly SourceFile[]
}

/** Bounds one statement, so that progress is told, Ctrl-C is heard, and what is read twice after a failure stays little. */
const mostFiles = 200
const mostBytes = 512 * 1024 ** 2

export function groupsOf(files: readonly SourceFile[]): Group[] {
  const open = new Map<string, SourceFile[]>()
  const groups: Group[] = []
  for (const file of files) {
    const key = JSON.stringify([
      file.kind,
      file.stream,
      file.format,
      file.isGzip,
      file.delimiter,
      [...file.columns],
    ])
    const last = open.get(key)
    const bytes = last?.reduce((sum, other) => sum + other.bytes, 0) ?? 0
    if (last !== undefined && last.length < mostFiles && bytes + file.bytes <= mostBytes) {
      last.push(file)
      continue
    }
    const fresh = [file]
    open.set(key, fresh)
    groups.push({ files: fresh })
  }
  return groups
}

/** A call of 32 KB is the largest there is (reference, section 10); a person with 300 attributes of 1,000 bytes is larger. */
const longestLine = 4 * 1024 ** 2

/** The column in which the engine says the file of a row: a file that was put together of others may have a `filename`. */
export const pathColumn = '"path of the file"'

/** Where the engine numbers the rows of a Parquet file: it has no other name for this, so a file's own column stays. */
export const hasRowNumber = ({ columns, format }: Pick<SourceFile, 'columns' | 'format'>): boolean =>
  format === 'parquet' && ![...columns.keys()].some((name) => name.toLowerCase() === 'file_row_number')

/**
 * The rows of the files, with their path. Parquet also says `file_row_number`, from 0. Folders such as `user_id=7` are
 * names and no columns.
 */
export function scan(files: readonly SourceFile[]): Query {
  const [file] = files
  if (file === undefined) throw new Error('There is no file to scan.')
  const paths = files.map(({ path }) => literalPath(path))
  const named = raw(`filename = '${pathColumn.slice(1, -1)}', hive_partitioning = false`)
  if (file.format === 'parquet') {
    return sql`read_parquet(${paths}::varchar[], ${named}, file_row_number = ${hasRowNumber(file)}::boolean, binary_as_string = true)`
  }
  const compression = raw(file.isGzip ? `'gzip'` : file.format === 'csv' ? `'none'` : `'uncompressed'`)
  const idents = [...identsOf(file.columns, file.format).values()]
  if (file.format === 'jsonl') {
    const columns = structOf(idents, 'JSON')
    return sql`read_json(${paths}::varchar[], format = 'newline_delimited', columns = ${columns}, ${named}, compression = ${compression}, maximum_object_size = ${longestLine})`
  }
  const columns = structOf(idents, 'VARCHAR')
  return sql`read_csv(${paths}::varchar[], auto_detect = false, header = true, columns = ${columns}, delim = ${raw(`'${file.delimiter ?? ','}'`)}, quote = '"', escape = '"', strict_mode = true, ${named}, compression = ${compression}, max_line_size = ${longestLine})`
}

/** `{"id": 'JSON', …}`: the engine wants the columns as a constant, so their names stand in the text, quoted. */
function structOf(idents: readonly string[], type: string): Query {
  const parts = idents.map((ident) => raw(`${ident}: '${type}'`))
  return sql`{${join(parts, ', ')}}`
}
