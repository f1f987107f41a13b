import type { Person, Population, Segment } from '../types.ts'

export type IdType = 'id' | 'email' | 'phone' | 'cio_id'
export const idTypes: readonly string[] = ['id', 'email', 'phone', 'cio_id']

/** The one state behind both APIs: what Track writes here, the App API reads. */
export class Workspace {
  readonly population: Population
  readonly id: number
  readonly #byCioId = new Map<string, number>()
  readonly #byId = new Map<string, number>()
  /** Lower case: an e-mail identifies whatever its case. In this workspace many people may share one. */
  readonly #byEmail = new Map<string, number[]>()
  readonly #members = new Map<number, readonly number[]>()
  #deleted = 0

  constructor(population: Population, id: number) {
    this.population = population
    this.id = id
    for (const index of population.people.keys()) this.#enter(index)
  }

  get people(): readonly Person[] {
    return this.population.people
  }

  /** How many people there are. */
  get size(): number {
    return this.people.length - this.#deleted
  }

  person(index: number): Person {
    const person = this.people[index]
    if (person === undefined) throw new RangeError(`There is no person number ${index}.`)
    return person
  }

  /** Positions of the living people that an identifier names; `cio_id`s come without prefix here. */
  find(idType: IdType, value: string): readonly number[] {
    if (idType === 'email') return this.#byEmail.get(value.toLowerCase()) ?? []
    const index = idType === 'cio_id' ? this.#byCioId.get(value) : this.#byId.get(value)
    return index === undefined ? [] : [index]
  }

  add(person: Person): number {
    this.population.people.push(person)
    const index = this.people.length - 1
    this.#enter(index)
    this.#members.clear()
    return index
  }

  /** Changes a person, and keeps every way of finding them true. */
  change(index: number, change: (person: Person) => void): void {
    const person = this.person(index)
    this.#leave(index)
    change(person)
    if (person.deleted) this.#deleted += 1
    else this.#enter(index)
    this.#members.clear()
  }

  /** Positions of a segment's members; counted once and kept until somebody changes. */
  members(segment: Segment): readonly number[] {
    const known = this.#members.get(segment.id)
    if (known !== undefined) return known
    const members = [...this.people.keys()].filter(
      (index) => !this.person(index).deleted && segment.holds(this.person(index)),
    )
    this.#members.set(segment.id, members)
    return members
  }

  #enter(index: number): void {
    const { cioId, id, email } = this.person(index)
    this.#byCioId.set(cioId, index)
    if (id !== null && id !== '') this.#byId.set(id, index)
    if (email === null || email === '') return
    const key = email.toLowerCase()
    this.#byEmail.set(key, [...(this.#byEmail.get(key) ?? []), index])
  }

  #leave(index: number): void {
    const { cioId, id, email } = this.person(index)
    this.#byCioId.delete(cioId)
    if (id !== null) this.#byId.delete(id)
    if (email === null) return
    const key = email.toLowerCase()
    const left = (this.#byEmail.get(key) ?? []).filter((other) => other !== index)
    if (left.length > 0) this.#byEmail.set(key, left)
    else this.#byEmail.delete(key)
  }
}
