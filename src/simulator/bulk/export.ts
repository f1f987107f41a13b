import type { Database } from '../../engine/database.ts'
import type { Shop } from '../population/population.ts'
import type { Person } from '../types.ts'
import { attributeNames } from '../population/people.ts'
import { plantedNames } from '../plants/attribute-names.ts'
import { PartWriter, type Part, type PartPlan } from './parts.ts'
import { table, type Cells, type Table } from './table.ts'

const columns = [...attributeNames, ...plantedNames, 'phone', 'unsubscribed'].toSorted()
const fixed = table('people', 'cio_id plain', 'id', 'email', 'created_at plain')
/** Attributes may have a space in their name. */
const people: Table = {
  ...fixed,
  columns: [...fixed.columns, ...columns.map((name) => ({ name, kind: 'text' as const }))],
}

/** One row per person; an attribute that is not there is an empty cell, as is one that is empty. */
export async function writeExport(
  { population }: Shop,
  plan: Pick<PartPlan, 'folder' | 'prefix' | 'withHeader'>,
  database: Database,
): Promise<Part[]> {
  const writer = new PartWriter({
    ...plan,
    table: people,
    fileType: 'csv',
    rowsPerFile: Number.POSITIVE_INFINITY,
  })
  for (const person of population.people) writer.add(rowOf(person))
  return writer.finish(database)
}

function rowOf(person: Person): Cells {
  const { phone, attributes, unsubscribed } = person
  const values: Record<string, string | null> = { ...attributes, phone, unsubscribed: String(unsubscribed) }
  const unknown = Object.keys(values).find((name) => !columns.includes(name))
  if (unknown !== undefined) throw new Error(`The export has no column for ${unknown}.`)
  const cells = [
    person.id,
    person.email,
    String(person.createdAt),
    ...columns.map((name) => values[name] ?? null),
  ]
  return [person.cioId, ...cells.map((cell) => (cell === '' ? null : cell))]
}
