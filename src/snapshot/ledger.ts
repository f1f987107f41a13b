import type { Database } from '../engine/database.ts'
import { sql } from '../engine/sql.ts'
import type { Query } from '../engine/sql.ts'
import type { LedgerEntry, Page } from './page.ts'

/** Every stream of the file, by name. */
export async function readLedger(database: Database, source: string): Promise<Map<string, LedgerEntry>> {
  const rows = await database.rows(sql`select * from stream where source = ${source}`)
  return new Map(rows.map((row) => [String(row['name']), row as unknown as LedgerEntry]))
}

/** What the ledger says of the page's stream once the page is in. */
export function withPage(entry: LedgerEntry, page: Page): LedgerEntry {
  return {
    ...entry,
    read: entry.read + page.read,
    rejected: entry.rejected + (page.rejects?.length ?? 0),
    cursor: page.cursor === undefined ? entry.cursor : page.cursor,
    ...(page.end ? { state: 'ended' as const, ...page.end } : {}),
  }
}

export function enterStream(entry: LedgerEntry): Query {
  return sql`insert into stream values (${entry.source}, ${entry.name}, ${entry.state}, ${entry.read}, ${entry.expected},
    ${entry.rejected}, ${entry.complete}, ${entry.ended}, ${entry.cursor})`
}

/** One statement for all of them; an insert that updates on conflict takes three times as long. */
export function updateLedger(entries: readonly LedgerEntry[]): Query {
  const values = entries
    .map(
      (entry) =>
        sql`(${entry.source}, ${entry.name}, ${entry.state}, ${entry.read}::bigint, ${entry.expected}::bigint, ${entry.rejected}::bigint, ${entry.complete}, ${entry.ended}::varchar, ${entry.cursor}::varchar)`,
    )
    .reduce((before, value) => sql`${before}, ${value}`)
  return sql`update stream set state = v.state, read = v.read, expected = v.expected, rejected = v.rejected,
      complete = v.complete, ended = v.ended, cursor = v.cursor
    from (values ${values}) as v(source, name, state, read, expected, rejected, complete, ended, cursor)
    where stream.source = v.source and stream.name = v.name`
}
