import type { Chunk, Facts, Records, Rest, Row } from '../wire.ts'
import { pause } from './slices.ts'

/** A finding as it is shown. */
export interface Shown {
  readonly fingerprint: string
  readonly rule: Facts['rules'][number]
  readonly severity: string
  readonly state: string
  readonly kind: string
  readonly key: string
  readonly label: string
  readonly message: string
  readonly affected: string
  readonly first: number
  readonly last: number
  readonly journeys: readonly (readonly [id: number, name: string])[]
  readonly remediation: string
  readonly link: string
  readonly records: Records | 0
}

const read = (part: Element): unknown => JSON.parse(part.textContent ?? 'null')
const partsOf = (name: string): NodeListOf<Element> =>
  document.querySelectorAll(`script[data-part="${name}"]`)

/** Every finding of the page, as compact as it came; what is shown of one is made when it is shown. */
export class Store {
  readonly facts: Facts
  readonly rest: Rest
  readonly rows: Row[] = []
  readonly words: string[] = []
  readonly journeys: (readonly [id: number, name: string])[] = []
  readonly texts: string[] = []
  /** What there is to choose from. */
  readonly used = { rules: new Set<number>(), severities: new Set<number>(), states: new Set<number>() }

  constructor() {
    const [facts] = partsOf('facts')
    const [rest] = partsOf('rest')
    if (facts === undefined || rest === undefined) throw new Error('The page is not whole.')
    this.facts = read(facts) as Facts
    this.rest = read(rest) as Rest
  }

  /** Part by part, each let go of once it is read. */
  async load(onPart: (read: number) => void): Promise<void> {
    for (const part of partsOf('chunk')) {
      const { words, journeys, rows } = read(part) as Chunk
      part.remove()
      this.words.push(...words)
      this.journeys.push(...journeys)
      for (const row of rows) {
        this.rows.push(row)
        this.used.rules.add(row[1])
        this.used.severities.add(row[2])
        this.used.states.add(row[3])
      }
      onPart(this.rows.length)
      await pause()
    }
  }

  at(place: number): Shown | undefined {
    const row = this.rows[place]
    if (row === undefined) return undefined
    const [
      fingerprint,
      rule,
      severity,
      state,
      kind,
      key,
      label,
      message,
      affected,
      unit,
      first,
      last,
      journeys,
      remediation,
      link,
      records,
    ] = row
    const facts = this.facts.rules[rule]
    if (facts === undefined) return undefined
    return {
      fingerprint,
      rule: facts,
      severity: this.facts.severities[severity] ?? '',
      state: this.facts.states[state] ?? '',
      kind: this.facts.kinds[kind] ?? '',
      key,
      label: label === '' ? key : label,
      message,
      affected: affected === 0 ? '' : `${affected.toLocaleString('en-US')} ${this.words[unit] ?? ''}`,
      first,
      last,
      journeys: journeys.flatMap((at) => (this.journeys[at] === undefined ? [] : [this.journeys[at]])),
      remediation: this.words[remediation] ?? '',
      link: link === 0 ? '' : `${this.words[link[0]] ?? ''}${link[1]}`,
      records,
    }
  }

  /** What the search looks through: made at the first search, since most pages are never searched. */
  text(place: number): string {
    const known = this.texts[place]
    if (known !== undefined) return known
    const row = this.rows[place]
    if (row === undefined) return ''
    const [fingerprint, rule, , , kind, key, label, message, , , , , journeys] = row
    const names = journeys.map((at) => this.journeys[at]?.[1] ?? '').join(' ')
    const made =
      `${message}\n${key}\n${label}\n${fingerprint}\n${this.facts.rules[rule]?.id ?? ''}\n${this.facts.kinds[kind] ?? ''}\n${names}`.toLowerCase()
    this.texts[place] = made
    return made
  }
}
