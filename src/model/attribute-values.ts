import type { Database } from '../engine/database.ts'
import { sql, type Query } from '../engine/sql.ts'

/** More names than this are no attributes but data in the wrong place; the most used of them are looked into. */
export const mostNames = 2000
const namesAtOnce = 100

/** Runs a statement over the names that a query gives, a hundred at a time. */
export async function inBatches(
  db: Database,
  wanted: Query,
  statement: (names: readonly string[]) => Query,
): Promise<void> {
  const names = (await db.rows(wanted)).map(({ name }) => String(name))
  // equivalent mutants [< for <=]: of no names nothing is read
  for (let start = 0; start < names.length; start += namesAtOnce)
    await db.run(statement(names.slice(start, start + namesAtOnce)))
}

/** A JSON pointer takes any name; a JSON path has no way to say `"`. */
export const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** One row per profile and filled value. */
export function filled(names: readonly string[]): Query {
  const pointers = names.map(pointerTo)
  return sql`
    select cio_id, name, trim(value) as value
    from (
      select cio_id, unnest(${names}::varchar[]) as name, unnest(json_extract_string(attributes, ${pointers}::varchar[])) as value from record
    ) where trim(value) <> ''`
}
