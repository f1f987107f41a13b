/** A look that a list of items has, as `json_structure` tells it, and how many events have it. */
export interface Shape {
  readonly name: string
  /** One event that looks so. */
  readonly seq: string
  readonly events: number
  readonly text: string
}

export interface ItemFault {
  readonly seq: string
  readonly found: string
}

type Element = ReadonlyMap<string, string>

/** What so many lists have in common is how lists look here. One of fewer than twenty that looks different is too many for it. */
const usualShare = 0.95

/**
 * The looks of one event in which something is wrong: no list, no objects, a key of two types in one list, a key of
 * another type than usual, or one missing that nearly all elements have and no plan names.
 */
export function faultsOf(shapes: readonly Shape[], planned: ReadonlySet<string>): ItemFault[] {
  const read = shapes.map((shape) => ({ ...shape, elements: elementsOf(shape.text) }))
  const lists = read.filter(({ elements }) => elements !== null)
  const total = lists.reduce((sum, { events }) => sum + events, 0)
  const count = (holds: (elements: readonly Element[]) => boolean): number =>
    lists.reduce((sum, { elements, events }) => sum + (elements !== null && holds(elements) ? events : 0), 0)
  const keys = new Set(
    lists.flatMap(({ elements }) => (elements ?? []).flatMap((element) => [...element.keys()])),
  )
  const usual = new Map<string, string>()
  const everywhere = new Set<string>()
  for (const key of keys) {
    const holders = count((elements) => elements.some((element) => element.has(key)))
    const kinds = new Set(lists.flatMap(({ elements }) => kindsOf(elements ?? [], key)))
    for (const kind of kinds) {
      const alike = count((elements) => kindsOf(elements, key).join() === kind)
      if (alike >= usualShare * holders) usual.set(key, kind)
    }
    const whole = count((elements) => elements.every((element) => element.has(key)))
    if (whole >= usualShare * total && !planned.has(key)) everywhere.add(key)
  }
  return read.flatMap(({ seq, text, elements }) => {
    const found = elements === null ? wordsFor(text) : oddIn(elements, usual, everywhere)
    return found === '' ? [] : [{ seq, found }]
  })
}

function oddIn(
  elements: readonly Element[],
  usual: ReadonlyMap<string, string>,
  everywhere: ReadonlySet<string>,
): string {
  const keys = [...new Set(elements.flatMap((element) => [...element.keys()]))]
  const odd = keys.flatMap((key) => {
    const kinds = kindsOf(elements, key)
    const strange = kinds.filter((kind) => kind !== (usual.get(key) ?? kind))
    if (kinds.length > 1) return [`${key} is ${kinds.join(' and ')}`]
    return strange.map((kind) => `${key} is ${kind}`)
  })
  const missing = [...everywhere]
    .filter((key) => elements.some((element) => !element.has(key)))
    .map((key) => `${key} is missing`)
  return [...odd, ...missing].toSorted().join(', ')
}

function kindsOf(elements: readonly Element[], key: string): string[] {
  return [...new Set(elements.flatMap((element) => element.get(key) ?? []))].toSorted()
}

/** What is no list is told by its type in small letters; the engine writes those of elements in capitals. */
const wordsFor = (text: string): string =>
  /^(?:JSON text|[a-z]+)$/.test(text) ? text : 'a list of other things than objects'

/** The engine's word for an object without keys, and for nothing else that stands in an element. */
const emptyObject = 'JSON'

/** Null where it is no list of objects. */
function elementsOf(text: string): readonly Element[] | null {
  const lines = text.split('\n').map((line) => (line === JSON.stringify(emptyObject) ? '{}' : line))
  if (!lines.every((line) => line.startsWith('{'))) return null
  return lines.map((line) => {
    const entries = Object.entries(JSON.parse(line) as Record<string, unknown>)
    return new Map(
      entries.flatMap(([key, type]) => (type === 'NULL' ? [] : [[key, kindOfType(type)] as const])),
    )
  })
}

function kindOfType(type: unknown): string {
  if (Array.isArray(type)) return 'array'
  if (typeof type === 'object' || type === emptyObject) return 'object'
  return type === 'VARCHAR' ? 'text' : type === 'BOOLEAN' ? 'boolean' : 'number'
}
