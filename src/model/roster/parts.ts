import { CioAuditError } from '../../core/errors.ts'
import type { Database } from '../../engine/database.ts'
import { raw, type Query } from '../../engine/sql.ts'

/** Rows that are grouped in one go, of a few short texts each: some 200 MB. */
const rowsAtOnce = 2_000_000
/** The same for rows that carry all attributes of a person. */
export const personsAtOnce = 500_000

const split = 4
const mostParts = 4096

/**
 * Runs a grouping statement part by part, so that its memory does not grow with the workspace. A part that is still too
 * large for the memory there is is run in four.
 *
 * @param rows - how many rows are grouped in all.
 * @param column - what is grouped by: each of its values falls into one part.
 */
export async function inParts(
  db: Database,
  rows: number,
  column: string,
  statement: (part: Query) => Query,
  atOnce = rowsAtOnce,
): Promise<void> {
  const run = async (parts: number, part: number): Promise<void> => {
    try {
      await db.run(statement(raw(parts === 1 ? 'true' : `hash(${column}) % ${parts} = ${part}`)))
    } catch (cause) {
      const isTooLarge = cause instanceof CioAuditError && cause.code === 'ENGINE_MEMORY'
      if (!isTooLarge || parts * split > mostParts) throw cause
      for (let quarter = 0; quarter < split; quarter += 1) await run(parts * split, part + quarter * parts)
    }
  }
  const parts = Math.max(1, Math.ceil(rows / atOnce))
  for (let part = 0; part < parts; part += 1) await run(parts, part)
}

export const count = async (db: Database, from: string): Promise<number> =>
  Number(await db.scalar(raw(`select count(*) from ${from}`)))
