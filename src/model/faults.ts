import type { PlannedProperty } from '../core/plan.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { isFilled, isKind, kindOf, leavesOf, openRecords, trimmedText, type Leaf } from './json-record.ts'
import { allNames, expectedKind, namesOf, type Properties } from './planned-kinds.ts'
import { misreadsAsValue } from './values.ts'

export interface Fault {
  /** `items[].price`: under the name that stands in the payload, so that a reader finds it there. */
  readonly path: string
  readonly defect: 'missing' | 'wrong-type' | 'wrong-value'
}

/** All that was asked for, each once, so that events with the same plan are asked the same. */
export class Faults {
  readonly all: Fault[] = []
  readonly #positions = new Map<string, number>()

  positionOf(path: string, defect: Fault['defect']): number {
    const key = `${defect} ${path}`
    const position = this.#positions.get(key) ?? this.all.push({ path, defect }) - 1
    this.#positions.set(key, position)
    return position
  }
}

/**
 * What can be wrong with a record of one event, in SQL: lists of `{fault, found, value}`, where `fault` is a position
 * in `faults`, and `value` the JSON text that stands there. `found` is `null` or `empty list` where it is missing, `value`
 * where the type is right and the value is not, and null where `value` itself tells its type.
 */
export class Judgement {
  readonly #faults: Faults
  /** True where an empty list is missed. */
  readonly #missed: Query

  constructor(missed: Query, faults: Faults) {
    this.#missed = missed
    this.#faults = faults
  }

  of(leaf: Leaf, properties: Properties): Query {
    return flat([...this.#shape(leaf, properties, '', 0), ...this.#values(leaf, properties, '', 0)])
  }

  /** Missing keys and other JSON types. */
  #shape(leaf: Leaf, properties: Properties, prefix: string, depth: number): Query[] {
    return Object.entries(properties).map(([name, planned]) => {
      const branches = namesOf(name, planned).map((candidate) => {
        const value = leaf(candidate)
        return sql`when ${isFilled(value)} then ${this.#present(value, planned, prefix + candidate, depth)}`
      })
      const missing = planned.required ? this.#fault(prefix + name, 'missing', raw(`'null'`)) : nothing
      return sql`case ${join(branches, ' ')} else ${missing} end`
    })
  }

  #present(value: Query, planned: PlannedProperty, path: string, depth: number): Query {
    const kind = expectedKind[planned.type]
    const branches = [
      ...(kind === null
        ? []
        : [sql`when not ${isKind(value, kind)} then ${this.#fault(path, 'wrong-type', unnamed, value)}`]),
      ...((kind === 'array' || kind === null) && planned.required
        ? [
            sql`when ${value} = '[]' then case when ${this.#missed} then ${this.#fault(path, 'missing', raw(`'empty list'`))} end`,
          ]
        : []),
    ]
    const inner = this.#inner(value, planned, path, depth, (leaf, properties, prefix) =>
      this.#shape(leaf, properties, prefix, depth + 1),
    )
    return branches.length === 0 ? inner : sql`case ${join(branches, ' ')} else ${inner} end`
  }

  /** Values that have the right JSON type and still do not fit, under the plan's own names alone. */
  #values(leaf: Leaf, properties: Properties, prefix: string, depth: number): Query[] {
    return Object.entries(properties).flatMap(([name, planned]) => {
      const value = leaf(name)
      const path = prefix + name
      if (planned.items || planned.properties) {
        // equivalent mutants [if (false)]: lists would be looked through for nothing
        if (!hasValues(planned.items ?? planned.properties ?? {})) return []
        return [
          this.#inner(value, planned, path, depth, (inside, own, start) =>
            this.#values(inside, own, start, depth + 1),
          ),
        ]
      }
      const misreads = misreadsAsValue(trimmedText(value), planned)
      // equivalent mutants [if (false); || for &&]: a question that has no answer finds nothing, but takes time
      if (planned.type === 'array' || misreads === null) return []
      return [
        sql`case when ${isFilled(value)} and ${misreads} then ${this.#fault(path, 'wrong-value', raw(`'value'`), value)} end`,
      ]
    })
  }

  /** Faults of the keys inside an object, or of any element of a list, each once and with the value of the whole list. */
  #inner(
    value: Query,
    planned: PlannedProperty,
    path: string,
    depth: number,
    judge: (leaf: Leaf, properties: Properties, prefix: string) => Query[],
  ): Query {
    const as = `f${depth}`
    const properties = planned.items ?? planned.properties ?? {}
    const names = allNames(properties)
    if (names.length === 0) return nothing
    const of = planned.items ? 'list' : 'object'
    const each = flat(judge(leavesOf(as, names), properties, path + (planned.items ? '[].' : '.')))
    const all = sql`flatten(list_transform(${openRecords(value, names, of)}, lambda ${raw(as)}: ${each}))`
    return planned.items ? eachOnce(as, all, value) : all
  }

  #fault(path: string, defect: Fault['defect'], found: Query, value: Query = unnamed): Query {
    const position = raw(String(this.#faults.positionOf(path, defect)))
    return sql`[{'fault': ${position}, 'found': ${found}, 'value': ${value}}]`
  }
}

const nothing = raw('null')
const unnamed = raw('null::varchar')

/** What stands there instead, of one such fault. */
export function foundOf(fault: string): Query {
  return sql`coalesce(${raw(fault)}.found, ${kindOf(raw(`${fault}.value`))})`
}

/** Of the elements with one fault the last is told. */
function eachOnce(as: string, all: Query, value: Query): Query {
  const names = { all: raw(`${as}_all`), one: raw(`${as}_one`), fault: raw(`${as}_fault`) }
  return sql`list_transform([${all}], lambda ${names.all}:
    list_transform(list_distinct(list_transform(${names.all}, lambda ${names.one}: ${names.one}.fault)), lambda ${names.fault}:
      {'fault': ${names.fault}, 'found': list_transform(list_filter(${names.all}, lambda ${names.one}: ${names.one}.fault = ${names.fault})[-1:], lambda ${names.one}: ${foundOf(`${as}_one`)})[1],
        'value': ${value}}))[1]`
}

function flat(lists: readonly Query[]): Query {
  // equivalent mutants [if (false)]: no lists put together are no list either
  if (lists.length === 0) return nothing
  return sql`flatten([${join(lists, ', ')}])`
}

function hasValues(properties: Properties): boolean {
  return Object.values(properties).some((planned) => {
    const inner = planned.items ?? planned.properties
    // equivalent mutants [&& for ||]: lists would be looked through for nothing
    return inner ? hasValues(inner) : planned.type !== 'array' && misreadsAsValue(raw('x'), planned) !== null
  })
}
