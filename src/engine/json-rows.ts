import type { Database, Row } from './database.ts'
import { sql, type Query } from './sql.ts'

/**
 * The rows of `stream` by way of JSON: a hundred thousand of twenty columns in a third of the time (2026-11-29), because each
 * is one text and not twenty. For columns of text, booleans, whole numbers that JavaScript holds exactly, and lists and structures of these.
 */
export async function* jsonRows(db: Database, query: Query): AsyncIterable<readonly Row[]> {
  for await (const lines of db.lines(
    sql`select to_json("the whole row")::varchar from (${query}) "the whole row"`,
  )) {
    const text = lines.toString('utf8', 0, lines.length - 1)
    yield JSON.parse(`[${text.replaceAll('\n', ',')}]`) as Row[]
  }
}
