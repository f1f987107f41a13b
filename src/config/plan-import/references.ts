import type { Losses } from './losses.ts'

export type Json = Readonly<Record<string, unknown>>
export type Path = readonly string[]

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Deeper, a schema refers to itself or means to. */
export const deepest = 15
/** References can unfold a small file into millions of values. */
const mostValues = 20_000

/** What all schemas of one import may unfold to together. */
export class Budget {
  #left = mostValues

  /** False once it is spent. */
  take(losses: Losses): boolean {
    this.#left -= 1
    if (this.#left < 0) losses.add([], `everything beyond ${mostValues.toLocaleString('en-US')} properties`)
    return this.#left >= 0
  }
}

/** What a schema says once its references are followed and its parts put together. */
export class References {
  readonly #root: Json
  readonly #losses: Losses
  readonly #budget: Budget

  /** @param root - the file, in which references begin. */
  constructor(root: Json, losses: Losses, budget: Budget) {
    this.#root = root
    this.#losses = losses
    this.#budget = budget
  }

  /** Follows `#/…`, and puts `allOf` together; a reference that leads back to itself, or to another file, is nothing. */
  resolve(given: unknown, path: Path, depth = 0, above: ReadonlySet<string> = new Set()): Json {
    const followed = new Set(above)
    const { allOf, ...schema } = this.#followed(given, path, followed)
    if (!Array.isArray(allOf)) return allOf === undefined ? schema : { ...schema, allOf }
    let whole: Json = schema
    for (const part of allOf) {
      if (depth >= deepest || !this.#budget.take(this.#losses)) {
        this.#losses.add(path, 'allOf, which is nested too deeply')
        break
      }
      whole = this.#together(whole, this.resolve(part, path, depth + 1, followed), path)
    }
    return whole
  }

  /** One schema that says what both do; where they say two things of one word, the first one is taken. */
  #together(first: Json, second: Json, path: Path): Json {
    // Without a prototype: a schema may have a word `constructor`.
    const whole = Object.assign(Object.create(null) as Record<string, unknown>, first)
    for (const [key, said] of Object.entries(second)) {
      const held = whole[key]
      if (held === undefined) whole[key] = said
      else if (key === 'properties' && isObject(held) && isObject(said)) {
        const twice = Object.keys(said).filter(
          (name) => Object.hasOwn(held, name) && !isSame(held[name], said[name]),
        )
        for (const name of twice) this.#losses.add([...path, name], 'one of the two that allOf says of it')
        whole[key] = { ...said, ...held }
      } else if (key === 'required' && Array.isArray(held) && Array.isArray(said))
        whole[key] = [...new Set([...(held as unknown[]), ...(said as unknown[])])]
      else if (!notes.has(key) && !isSame(held, said))
        this.#losses.add(path, `one ${key} of the two in allOf`)
    }
    return whole
  }

  /** @param followed - references on the way here; those that are followed now come to them. */
  #followed(given: unknown, path: Path, followed: Set<string>): Json {
    let schema = given
    while (isObject(schema) && typeof schema['$ref'] === 'string') {
      const reference = schema['$ref']
      if (followed.has(reference) || !reference.startsWith('#')) {
        this.#losses.add(
          path,
          followed.has(reference) ? `${reference} refers to itself` : `${reference} stands in another file`,
        )
        return {}
      }
      followed.add(reference)
      const beside = Object.keys(schema).filter((key) => !notes.has(key) && !key.startsWith('x-'))
      if (beside.length > 0) this.#losses.add(path, `${beside.join(', ')}: beside ${reference}`)
      schema = this.#at(reference)
      if (schema === undefined) this.#losses.add(path, `${reference} leads to nothing`)
    }
    return isObject(schema) ? schema : {}
  }

  #at(reference: string): unknown {
    // `#name` is a name that some schema gives itself, and no way from the root.
    if (!/^#(?:\/|$)/.test(reference)) return undefined
    let current: unknown = this.#root
    for (const step of reference.slice(1).split('/').slice(1)) {
      const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~')
      if (!isObject(current) || !Object.hasOwn(current, key)) return undefined
      current = current[key]
    }
    return current
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** A reference is part of an address, where a space is `%20`. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}

/** Words that may stand beside a reference and ask for nothing. */
const notes = new Set([
  '$ref',
  '$id',
  'id',
  '$schema',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
])
