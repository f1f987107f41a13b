/** A value that DuckDB takes as a parameter. Dates become UTC timestamps; arrays become lists of text. */
export type SqlValue = string | number | bigint | boolean | null | Date | readonly string[]

/** SQL text with its values kept apart: nothing from a workspace ever becomes part of the text. */
export interface Query {
  readonly text: string
  readonly values: readonly SqlValue[]
}

class Fragment implements Query {
  /** What stands before, between and behind the values: one more than there are values. */
  readonly parts: readonly string[]
  readonly values: readonly SqlValue[]
  constructor(parts: readonly string[], values: readonly SqlValue[]) {
    this.parts = parts
    this.values = values
  }

  get text(): string {
    return this.parts.map((part, index) => (index === 0 ? part : `$${index}${part}`)).join('')
  }
}

/**
 * Tagged template for SQL. `${value}` becomes a parameter; `${sql`…`}` is spliced in with its own parameters.
 * Parameters are numbered in the order in which they stand (`$1`, `$2` …), and only they: a `$1` in the text stays as it is.
 */
export function sql(strings: readonly string[], ...parts: readonly (SqlValue | Query)[]): Query {
  const texts = [strings[0] ?? '']
  const values: SqlValue[] = []
  const addText = (text: string): void => {
    texts.push((texts.pop() ?? '') + text)
  }
  parts.forEach((part, index) => {
    if (part instanceof Fragment) {
      const [first = '', ...others] = part.parts
      addText(first)
      texts.push(...others)
      values.push(...part.values)
    } else {
      texts.push('')
      values.push(part as SqlValue)
    }
    addText(strings[index + 1] ?? '')
  })
  return new Fragment(texts, values)
}

/** Fixed SQL text of our own (a table name, a list of columns); never for anything that was read. */
export function raw(text: string): Query {
  return new Fragment([text], [])
}

/** Fragments one after another with fixed text between them. */
export function join(parts: readonly Query[], separator: string): Query {
  // In one go: a plan of a hundred events makes a long text, and to take it up part by part would be quadratic.
  return parts.length === 0 ? raw('') : sql(['', ...parts.slice(1).map(() => separator), ''], ...parts)
}
