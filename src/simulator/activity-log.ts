import { ulidOf, uuidOf } from './ulid.ts'

/** What an activity is: its type, and the name by which it can be asked for. */
interface Kind {
  readonly type: string
  readonly name: string | null
  /** `attribute_change` can be asked for by the attribute's name, but does not carry it as `name`. */
  readonly showName: boolean
}

export interface Entry {
  readonly type: string
  readonly name?: string | null
  /** Only ask by this name, do not show it. */
  readonly askName?: string
  readonly timeMs: number
  /** Position of the person in the population. */
  readonly person: number
  readonly data: object | null
  /** Members beside `data`, such as `url` or `delivery_id`. */
  readonly beside?: Readonly<Record<string, unknown>>
}

/**
 * All activities of a workspace, oldest first. Columns instead of objects: a million activities must fit into a few
 * hundred megabytes, so only the payload is kept as text; id, name and person are put around it when a page is served.
 */
export class ActivityLog {
  readonly #seed: number
  readonly #times: number[] = []
  readonly #people: number[] = []
  readonly #kinds: number[] = []
  readonly #payloads: string[] = []
  readonly #kindTable: Kind[] = []
  readonly #kindNumbers = new Map<string, number>()
  /** Positions, oldest first, by what can be asked for; null until `freeze` has sorted the log. */
  #indexes: Map<string, number[]> | null = null
  #byPerson: Map<number, number[]> | null = null

  constructor(seed: number) {
    this.#seed = seed
  }

  get length(): number {
    return this.#times.length
  }

  /** Adds an activity at the head and returns its id. */
  add(entry: Entry): string {
    const sequence = this.#times.length
    this.#times.push(entry.timeMs)
    this.#people.push(entry.person)
    this.#kinds.push(this.#kindNumber(entry))
    const beside = entry.beside === undefined ? '' : `,${JSON.stringify(entry.beside).slice(1, -1)}`
    this.#payloads.push(`"data":${JSON.stringify(entry.data)}${beside}`)
    if (this.#indexes !== null) this.#file(sequence)
    return this.idAt(sequence)
  }

  /** Puts what was added so far into the order of time; from here on, additions stand at the head in order of arrival. */
  freeze(): this {
    const order = Uint32Array.from(this.#times, (_, position) => position)
    const times = this.#times
    order.sort((one, other) => (times[one] ?? 0) - (times[other] ?? 0) || one - other)
    this.#indexes = new Map()
    for (const position of order) this.#file(position)
    return this
  }

  /** Positions, oldest first. `type` and `name` as the API's parameters. */
  positions(type: string | undefined, name: string | undefined, person?: number): readonly number[] {
    if (this.#indexes === null) throw new Error('The log is read before it is frozen.')
    if (person === undefined) return this.#indexes.get(`${type ?? ''}\u0000${name ?? ''}`) ?? []
    this.#byPerson ??= this.#groupByPerson(this.#indexes.get('\u0000') ?? [])
    const own = this.#byPerson.get(person) ?? []
    return own.filter((position) => this.#matches(position, type, name))
  }

  /** Gives all activities of one person to another, as a merge does. */
  reassign(from: number, to: number): void {
    for (const [position, person] of this.#people.entries()) if (person === from) this.#people[position] = to
    this.#byPerson = null
  }

  idAt(position: number): string {
    return ulidOf(this.#times[position] ?? 0, position, this.#seed)
  }

  personAt(position: number): number {
    return this.#people[position] ?? -1
  }

  /** The id as the 128 bits that they are. */
  uuidAt(position: number): string {
    return uuidOf(this.#times[position] ?? 0, position, this.#seed)
  }

  kindAt(position: number): Pick<Kind, 'type' | 'name'> {
    return this.#kindTable[this.#kinds[position] ?? 0] ?? { type: '', name: null }
  }

  /** JSON text of `data` and of what stands beside it. */
  payloadAt(position: number): string {
    return `{${this.#payloads[position]}}`
  }

  /** JSON text of `data` where nothing stands beside it. */
  dataAt(position: number): string {
    return (this.#payloads[position] ?? '').slice('"data":'.length)
  }

  millisAt(position: number): number {
    return this.#times[position] ?? 0
  }

  timeAt(position: number): number {
    return Math.floor((this.#times[position] ?? 0) / 1000)
  }

  /** The activity as the API sends it; `identifiers` is the JSON text of `customer_id` and `customer_identifiers`. */
  json(position: number, identifiers: string): string {
    const kind = this.#kindTable[this.#kinds[position] ?? 0]
    const name = kind?.showName ? `"name":${JSON.stringify(kind.name)},` : ''
    const head = `{"id":"${this.idAt(position)}","type":${JSON.stringify(kind?.type)},${name}`
    return `${head}"timestamp":${this.timeAt(position)},${identifiers},${this.#payloads[position]}}`
  }

  #kindNumber(entry: Entry): number {
    const name = entry.name ?? entry.askName ?? null
    const showName = entry.name !== undefined && entry.name !== null
    const key = `${entry.type}\u0000${name ?? ''}\u0000${showName}`
    const known = this.#kindNumbers.get(key)
    if (known !== undefined) return known
    this.#kindTable.push({ type: entry.type, name, showName })
    this.#kindNumbers.set(key, this.#kindTable.length - 1)
    return this.#kindTable.length - 1
  }

  #file(position: number): void {
    const kind = this.#kindTable[this.#kinds[position] ?? 0]
    if (kind === undefined) return
    this.#list('', '').push(position)
    this.#list(kind.type, '').push(position)
    if (kind.name !== null) {
      this.#list('', kind.name).push(position)
      this.#list(kind.type, kind.name).push(position)
    }
    const person = this.personAt(position)
    const own = this.#byPerson?.get(person)
    if (own !== undefined) own.push(position)
    else this.#byPerson?.set(person, [position])
  }

  #list(type: string, name: string): number[] {
    const key = `${type}\u0000${name}`
    const indexes = (this.#indexes ??= new Map())
    const known = indexes.get(key)
    if (known !== undefined) return known
    const fresh: number[] = []
    indexes.set(key, fresh)
    return fresh
  }

  #matches(position: number, type: string | undefined, name: string | undefined): boolean {
    const kind = this.#kindTable[this.#kinds[position] ?? 0]
    return (type === undefined || kind?.type === type) && (name === undefined || kind?.name === name)
  }

  #groupByPerson(all: readonly number[]): Map<number, number[]> {
    const groups = new Map<number, number[]>()
    for (const position of all) {
      const person = this.personAt(position)
      const group = groups.get(person)
      if (group === undefined) groups.set(person, [position])
      else group.push(position)
    }
    return groups
  }
}
