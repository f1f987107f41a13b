/** A value that DuckDB takes as a parameter. Dates become UTC timestamps; arrays become lists of text. */
export type SqlValue = string | number | bigint | boolean | null | Date | readonly string[]

/** SQL text with its values kept apart: nothing from a workspace ever becomes part of the text. */
export interface Query {
  readonly text: string
  readonly values: readonly SqlValue[]
}

class Fragment implements Query {
  readonly text: string
  readonly values: readonly SqlValue[]
  constructor(text: string, values: readonly SqlValue[]) {
    this.text = text
    this.values = values
  }
}

/**
 * Tagged template for SQL. `${value}` becomes a parameter; `${sql`…`}` is spliced in with its own parameters.
 * Parameters are numbered in the order in which they stand (`$1`, `$2` …).
 */
export function sql(strings: readonly string[], ...parts: readonly (SqlValue | Query)[]): Query {
  const values: SqlValue[] = []
  let text = strings[0] ?? ''
  parts.forEach((part, index) => {
    if (part instanceof Fragment) {
      const offset = values.length
      text += part.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`)
      values.push(...part.values)
    } else {
      values.push(part as SqlValue)
      text += `$${values.length}`
    }
    text += strings[index + 1] ?? ''
  })
  return new Fragment(text, values)
}

/** Fixed SQL text of our own (a table name, a list of columns); never for anything that was read. */
export function raw(text: string): Query {
  return new Fragment(text, [])
}

/** Fragments one after another with fixed text between them. */
export function join(parts: readonly Query[], separator: string): Query {
  // In one go: a plan of a hundred events makes a long text, and to take it up part by part would be quadratic.
  return parts.length === 0 ? raw('') : sql(['', ...parts.slice(1).map(() => separator), ''], ...parts)
}
