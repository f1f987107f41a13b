import { join, raw, sql, type Query } from '../engine/sql.ts'
import type { HeldEvent } from './event-names.ts'

/**
 * What is asked of an event by its name (the column `name`), as one branch for all names that are asked the same: each
 * branch works on what is left over for it, and a few rows cost as much as two thousand.
 *
 * @param otherwise SQL text, for the names that are asked nothing and for all others.
 */
export function byName(
  held: readonly HeldEvent[],
  ask: (event: HeldEvent) => Query | null,
  otherwise: string,
): Query {
  const asked = new Map<string, { readonly query: Query; readonly names: string[] }>()
  for (const event of held) {
    const query = ask(event)
    if (query === null) continue
    const key = keyOfQuery(query)
    const known = asked.get(key)
    if (known) known.names.push(event.name)
    else asked.set(key, { query, names: [event.name] })
  }
  if (asked.size === 0) return raw(otherwise)
  const branches = [...asked.values()].map(
    ({ query, names }) => sql`when list_contains(${names}::varchar[], name) then ${query}`,
  )
  return sql`case ${join(branches, ' ')} else ${raw(otherwise)} end`
}

/** Two queries are the same where this is. */
export const keyOfQuery = ({ text, values }: Query): string => JSON.stringify([text, values])
