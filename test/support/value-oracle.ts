import type { PlannedProperty } from '../../src/core/plan.ts'

type Properties = Readonly<Record<string, PlannedProperty>>

/**
 * Paths of values that do not fit although nothing is said of their JSON type: whole numbers, limits, and named words.
 * An independent reading of the rules that the model follows in SQL; it knows no codes and no patterns.
 */
export function wrongValues(payload: unknown, properties: Properties, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, planned]) => {
    const value = own(payload, name)
    const path = prefix + name
    if (planned.items) {
      const { items } = planned
      const elements = Array.isArray(value) ? value : []
      return [...new Set(elements.flatMap((element) => wrongValues(element, items, `${path}[].`)))]
    }
    if (planned.properties) return wrongValues(value, planned.properties, `${path}.`)
    return isWrong(value, planned) ? [path] : []
  })
}

function own(record: unknown, name: string): unknown {
  const isRecord = typeof record === 'object' && record !== null && !Array.isArray(record)
  return isRecord && Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : undefined
}

function isWrong(value: unknown, planned: PlannedProperty): boolean {
  if (value === undefined || value === null || planned.type === 'array') return false
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(/^ +| +$/g, '')
  if (text === '') return false
  if (planned.type === 'integer' && !/^[+-]?[0-9]+(\.0+)?$/.test(text)) return true
  if (planned.enum && !isNamed(text, planned.enum.map(String), planned.type)) return true
  const number = /^-?[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN
  return number < (planned.min ?? -Infinity) || number > (planned.max ?? Infinity)
}

/** A number is the same however many zeros stand behind its point. */
function isNamed(text: string, named: readonly string[], type: PlannedProperty['type']): boolean {
  if (named.includes(text)) return true
  const isNumber = (type === 'integer' || type === 'number') && /^-?[0-9]+\.[0-9]+$/.test(text)
  return isNumber && named.some((word) => Number(word) === Number(text))
}
