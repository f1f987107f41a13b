/**
 * What a column holds. `plain` is text of our own making that needs no quotes in any format (ids of ours, times);
 * `json` is JSON text, which JSON lines hold as the value itself.
 */
export type ColumnKind = 'plain' | 'text' | 'json' | 'timestamp' | 'boolean' | 'integer'

export interface Column {
  readonly name: string
  readonly kind: ColumnKind
}

/** One kind of file that Customer.io writes. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
}

/** One text per column; null where there is no value. */
export type Cells = readonly (string | null)[]

/** `name` or `name kind`; text where nothing is said. */
export function table(name: string, ...columns: readonly string[]): Table {
  return {
    name,
    columns: columns.map((column) => {
      const [first = '', kind = 'text'] = column.split(' ')
      return { name: first, kind: kind as ColumnKind }
    }),
  }
}
