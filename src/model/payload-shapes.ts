import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { runOverHappenings } from './happenings.ts'

/** So many events of a name are opened, chosen by person and time. */
const opened = 200
/** Of the commonest names, beside those that are asked for. */
const mostNames = 500
/** A property that fewer of its events have says nothing about an event. */
const usual = 0.8

export type Shapes = ReadonlyMap<string, ReadonlySet<string>>

/**
 * The properties that the events of each name usually have: of the commonest names and of those that are asked for.
 *
 * @param asked - a temporary table with a column `name`.
 */
export async function readShapes(db: Database, asked: string): Promise<Shapes> {
  await db.run(
    raw(`
    create temp table shape_list as
    with wanted as (
      select name, events from event_name where type = 'event'
      -- equivalent mutants [qualify true; <= for <]: what all names have is nearly the same, and to open them takes long
      qualify name in (select name from ${asked}) or row_number() over (order by events desc, name) <= ${mostNames}
    )
    select e.seq, e.name from event e join wanted w using (name)
    -- equivalent mutants [and true]: all events would be opened, which takes long
    where e.type = 'event' and hash(e.person, e.happened_at) % ceil(w.events / ${opened})::ubigint = 0`),
  )
  await runOverHappenings(
    db,
    raw(`
    create temp table shape_key as
    -- equivalent mutants [where true]: the others are left out below, after all payloads have been read
    select seq, unnest(json_keys(data)) as key from stored where seq in (select seq from shape_list)`),
  )
  const rows = await db.rows(
    raw(`
    with total as (select name, count(*) as events from shape_list group by name)
    select t.name, k.key from shape_key k join shape_list s using (seq) join total t using (name)
    group by t.name, k.key, t.events having count(*) >= ${usual} * t.events`),
  )
  for (const table of ['shape_key', 'shape_list']) await db.run(raw(`drop table ${table}`))
  const shapes = new Map<string, Set<string>>()
  for (const row of rows) {
    const name = String(row['name'])
    const keys = shapes.get(name) ?? new Set()
    shapes.set(name, keys.add(String(row['key'])))
  }
  return shapes
}

const none: ReadonlySet<string> = new Set()

/**
 * How alike two names are in the properties that are theirs alone: those that most other names have, too, are left
 * out. 1: the same; null where both have none.
 */
export function likeness(shapes: Shapes, one: string, other: string): number | null {
  const others = [...shapes].filter(([name]) => name !== one && name !== other).map(([, keys]) => keys)
  const isOwn = (key: string): boolean => others.filter((keys) => keys.has(key)).length <= others.length / 2
  const [a, b] = [one, other].map((name) => [...(shapes.get(name) ?? none)].filter(isOwn)) as [
    string[],
    string[],
  ]
  const all = new Set([...a, ...b])
  return all.size === 0 ? null : a.filter((key) => b.includes(key)).length / all.size
}
