import type { PlannedProperty } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import type { HeldEvent } from './event-names.ts'
import { buildPropertyDefects } from './property-defects.ts'
import { misreadsAsValue } from './values.ts'
import { eventTypes } from './vocabulary.ts'

/**
 * `event`: every event of the window, its JSON read once.
 *
 * - `signature`: for events that the plan knows the properties of; equal for payloads of one form: text and number values blanked out, empty text kept. Key order and the
 *   number of array elements still tell forms apart; that only means a few more forms to look at.
 * - `key`: the value of the dedupe key (`dedupe_key` says which properties that are).
 * - `bad_values`: positions in `value_check` of values that have the right JSON type and still do not fit the plan.
 */
export async function buildEvents(
  db: Database,
  held: readonly HeldEvent[],
  since: Date,
  until: Date,
): Promise<void> {
  const checks = held.map((event) => ({ event, checks: valueChecks(event) }))
  // equivalent mutants [no filter; > for >=]: events that nothing is asked of would only be read
  const byName = checks.filter(({ event, checks: own }) => own.length > 0 || event.dedupeKeys.length > 0)
  const judged = held.filter(({ properties }) => Object.keys(properties).length > 0)
  const paths = join(
    byName.map(
      ({ event, checks: own }) =>
        sql`when ${event.name} then json_extract_string(data, ${slots(event, own)}::varchar[])`,
    ),
    ' ',
  )
  const keys = join(
    byName.map(({ event }) => sql`when ${event.name} then ${firstFilled(event.dedupeKeys.length)}`),
    ' ',
  )
  const bad = join(
    byName.map(({ event, checks: own }) => {
      const wrong = own.map(
        (check, index) => sql`case when ${misfit(check, slots(event, own))} then ${raw(String(index))} end`,
      )
      return sql`when ${event.name} then list_filter([${join(wrong, ', ')}]::integer[], lambda x: x is not null)`
    }),
    ' ',
  )
  await db.run(sql`
    create table event as
    with read as (
      select a.id, a.type, a.name, a.cio_id, a.at as happened_at, a.data,
        ${paths.text === '' ? platformAlone : sql`case when a.type = 'event' then case a.name ${paths} else ${platformAlone} end else ${platformAlone} end`} as found
      from snap.activity a
      where a.type = any(${eventTypes}) and a.name is not null and a.at between ${since}::timestamp and ${until}::timestamp
    ), judged as (
      select r.id, r.type, r.name, r.cio_id, r.happened_at,
      case when r.name = any(${judged.map(({ name }) => name)}::varchar[]) then ${signature} end as signature,
      nullif(trim(${keys.text === '' ? raw('null') : sql`case r.name ${keys} end`}), '') as key,
      r.type = 'screen' or coalesce(lower(r.found[1]) in ('ios', 'android'), false) as mobile,
      ${bad.text === '' ? raw('null::integer[]') : sql`case r.name ${bad} end`} as bad_values
      from read r
    )
    select j.*, coalesce(m.cluster, j.cio_id) as cluster from judged j left join member m on m.cio_id = j.cio_id`)
  await db.run(raw('create table dedupe_key (name varchar, property varchar)'))
  await db.append(
    'dedupe_key',
    held.flatMap(({ name, dedupeKeys }) => dedupeKeys.map((key) => [name, key])),
  )
  await db.run(
    raw('create table value_check (name varchar, position integer, path varchar, json_path varchar)'),
  )
  await db.append(
    'value_check',
    checks.flatMap(({ event, checks: own }) =>
      own.map((c, index) => [event.name, index, c.path, c.jsonPath]),
    ),
  )
  await buildPropertyDefects(db, judged)
}

/**
 * A payload with its texts and numbers blanked out, as a hash. `:"` and `:1` cannot stand inside a JSON text, where
 * every quote is escaped, so the first two passes touch values only; arrays of plain values need more.
 * (Without capture groups RE2 stays on its fast path: 2.8 s against 18 s for a million payloads of 370 bytes.)
 */
const blanked = String.raw`regexp_replace(regexp_replace(r.data, ':"\s*(?:[^"\\\s]|\\.)(?:[^"\\]|\\.)*"', ':"s"', 'g'), ':-?[0-9][0-9.eE+-]*', ':0', 'g')`

/**
 * An element ends at a comma or a bracket: a name, which stands behind a comma too, ends at a colon and must stay.
 * The comma that a match takes is missing before the next element, so every second one is left to a second pass,
 * which must not meet the first ones again: they become a bare `s`.
 */
const element = String.raw`'([\[,])(?:"(?:[^"\\]|\\.)+"|-?[0-9][0-9.eE+-]*)([,\]])', '\1s\2', 'g'`

// equivalent mutants [when true]: these passes find nothing where no array holds a plain value
const signature = raw(String.raw`hash(case when regexp_matches(r.data, '\[[-0-9"]')
  then regexp_replace(regexp_replace(${blanked}, ${element}), ${element}) else ${blanked} end)`)

const platformPath = '$."platform"'
const platformAlone = sql`json_extract_string(data, ${[platformPath]}::varchar[])`

/** What is read of an event, in one go: its platform, the candidates for its dedupe key, the values to be checked. */
function slots(event: HeldEvent, checks: readonly ValueCheck[]): string[] {
  const values = checks.filter(({ inList }) => !inList).map((check) => check.jsonPath)
  return [platformPath, ...event.dedupeKeys.map((key) => jsonPath([key])), ...values]
}

/** The dedupe key is the first of its candidates that says something. */
function firstFilled(keys: number): Query {
  return keys === 1 ? raw('found[2]') : raw(`list_filter(found[2:${keys + 1}], lambda x: trim(x) <> '')[1]`)
}

interface ValueCheck {
  readonly path: string
  /** The value stands in each element of a list. */
  readonly inList: boolean
  readonly jsonPath: string
  readonly planned: PlannedProperty
}

/** True where the value, or one of the values in a list, does not fit although its JSON type does. */
function misfit(check: ValueCheck, read: readonly string[]): Query {
  const wrong = (value: Query) =>
    sql`${value} <> '' and ${misreadsAsValue(value, check.planned) ?? raw('false')}`
  if (!check.inList) return wrong(raw(`trim(found[${read.indexOf(check.jsonPath) + 1}])`))
  return sql`len(list_filter(json_extract_string(r.data, ${check.jsonPath}), lambda each: ${wrong(raw('trim(each)'))})) > 0`
}

/** Scalars of the plan whose values must be looked at. */
function valueChecks(event: HeldEvent): ValueCheck[] {
  return scalars(event.properties, [])
    .filter(({ planned }) => misreadsAsValue(raw('x'), planned) !== null)
    .map(({ steps, planned }) => ({
      path: steps.join('.'),
      jsonPath: jsonPath(steps),
      inList: steps.some((step) => step.endsWith('[]')),
      planned,
    }))
}

function scalars(
  properties: Readonly<Record<string, PlannedProperty>>,
  prefix: readonly string[],
): { steps: string[]; planned: PlannedProperty }[] {
  return Object.entries(properties).flatMap(([name, planned]) => {
    const steps = [...prefix, name]
    if (planned.properties) return scalars(planned.properties, steps)
    if (planned.items) return scalars(planned.items, [...prefix, `${name}[]`])
    // A quote cannot be written in the engine's JSON path; such a name is judged by its shape alone.
    return planned.type === 'array' || steps.some((step) => step.includes('"')) ? [] : [{ steps, planned }]
  })
}

function jsonPath(steps: readonly string[]): string {
  return `$${steps.map((step) => (step.endsWith('[]') ? `."${step.slice(0, -2)}"[*]` : `."${step}"`)).join('')}`
}
