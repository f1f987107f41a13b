import type { Fact } from './types.ts'

export interface FactOptions {
  readonly plan?: Fact['plan']
  readonly informative?: boolean
  /** Duplicates that may be two taps: told only where the event has no certain ones. */
  readonly likely?: boolean
  /** How many of the records are surplus copies (duplicate events only). */
  readonly surplus?: number
  readonly history?: Fact['history']
}

/** Records of one rule and subject, before it is known which pages are told. */
export interface Page {
  readonly rule: string
  readonly subject: string
  readonly plan: Fact['plan']
  readonly informative: boolean
  readonly likely: boolean
  readonly records: Set<string>
  surplus: number
  history?: Fact['history']
}

/** Where the planter writes the truth, before anything is serialised. Records under one subject gather in one fact. */
export class FactBook {
  readonly #pages = new Map<string, Page>()

  add(rule: string, subject: string, records: readonly string[], options: FactOptions = {}): void {
    const { plan = 'both', informative = false, likely = false, surplus = 0, history } = options
    const key = [rule, subject, plan, informative, likely].join('\u0000')
    let page = this.#pages.get(key)
    if (page === undefined) {
      page = { rule, subject, plan, informative, likely, records: new Set(), surplus: 0 }
      this.#pages.set(key, page)
    }
    for (const record of records) page.records.add(record)
    page.surplus += surplus
    if (history !== undefined) page.history = history
  }

  /** As it was written, for a book that joins those of several blocks. */
  pages(): Page[] {
    return [...this.#pages.values()]
  }

  addPages(pages: readonly Page[]): void {
    for (const { rule, subject, records, ...options } of pages) this.add(rule, subject, [...records], options)
  }

  /**
   * The facts. Duplicates that may be two taps are told of an event only where none of its copies is certain: there
   * is one finding per event, and then it is about the certain ones.
   */
  facts(): Fact[] {
    const certain = new Set<string>()
    for (const page of this.#pages.values()) if (!page.likely) certain.add(`${page.rule} ${page.subject}`)
    const told = [...this.#pages.values()].filter(
      (page) => !page.likely || !certain.has(`${page.rule} ${page.subject}`),
    )
    return told.map(({ rule, subject, plan, informative, records, surplus, history }) => ({
      rule,
      subject,
      records: [...records],
      plan,
      informative,
      ...(surplus === 0 ? {} : { surplus }),
      ...(history === undefined ? {} : { history }),
    }))
  }
}
