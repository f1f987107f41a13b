import { element, number, sign } from './elements.ts'
import type { Store } from './store.ts'

/** Rows drawn beyond what can be seen, so that scrolling shows no gap. */
const beyond = 6

/** A list of any length of which only a window is drawn. */
export class List {
  readonly #store: Store
  readonly #box: HTMLElement
  readonly #space: HTMLElement
  readonly #open: (at: number) => void
  readonly #drawn = new Map<number, HTMLElement>()
  #places: Uint32Array = new Uint32Array(0)
  #count = 0
  #active = 0
  #asked = false

  constructor(store: Store, box: HTMLElement, space: HTMLElement, open: (at: number) => void) {
    this.#store = store
    this.#box = box
    this.#space = space
    this.#open = open
    box.addEventListener('scroll', () => this.#ask())
    box.addEventListener('focus', () => this.#mark())
    box.addEventListener('keydown', (event) => this.#key(event))
    box.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest('[data-at]') : null
      if (row !== null) this.choose(Number(row.getAttribute('data-at')))
    })
    new ResizeObserver(() => this.#redraw()).observe(box)
  }

  get count(): number {
    return this.#count
  }

  placeAt(at: number): number | undefined {
    return at < this.#count ? this.#places[at] : undefined
  }

  /** `places` is shared with whoever fills it: the first `count` are there. */
  show(places: Uint32Array, count: number, isNew: boolean): void {
    this.#places = places
    this.#count = count
    if (isNew) {
      this.#active = 0
      this.#box.scrollTop = 0
      this.#redraw()
    } else this.#ask()
  }

  choose(at: number): void {
    this.move(at)
    this.#open(at)
  }

  move(at: number): void {
    this.#active = Math.max(0, Math.min(at, this.#count - 1))
    const height = this.#rowHeight()
    const top = this.#active * height
    if (top < this.#box.scrollTop) this.#box.scrollTop = top
    else if (top + height > this.#box.scrollTop + this.#box.clientHeight)
      this.#box.scrollTop = top + height - this.#box.clientHeight
    this.#draw()
    this.#mark()
  }

  #rowHeight(): number {
    return Number.parseFloat(getComputedStyle(this.#box).getPropertyValue('--row')) || 80
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.#box.clientHeight / this.#rowHeight()) - 1)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.#count,
      End: this.#count,
    }
    const step = steps[event.key]
    if (step !== undefined) this.move(this.#active + step)
    else if (event.key === 'Enter' || event.key === ' ') this.choose(this.#active)
    else return
    event.preventDefault()
  }

  #ask(): void {
    if (this.#asked) return
    this.#asked = true
    requestAnimationFrame(() => {
      this.#asked = false
      this.#draw()
    })
  }

  #redraw(): void {
    for (const row of this.#drawn.values()) row.remove()
    this.#drawn.clear()
    this.#draw()
  }

  #draw(): void {
    const height = this.#rowHeight()
    this.#space.style.height = `${this.#count * height}px`
    const from = Math.max(0, Math.floor(this.#box.scrollTop / height) - beyond)
    const to = Math.min(
      this.#count,
      Math.ceil((this.#box.scrollTop + this.#box.clientHeight) / height) + beyond,
    )
    for (const [at, row] of this.#drawn) {
      if (at >= from && at < to) continue
      row.remove()
      this.#drawn.delete(at)
    }
    for (let at = from; at < to; at += 1) {
      if (this.#drawn.has(at)) continue
      const row = this.#row(at)
      row.style.transform = `translateY(${at * height}px)`
      this.#drawn.set(at, row)
      this.#space.append(row)
    }
    // The number of all is known only once the search is through.
    for (const row of this.#drawn.values()) row.setAttribute('aria-setsize', String(this.#count))
    this.#mark()
  }

  /** The focus stays with the list; which row it means is told by its id. */
  #mark(): void {
    for (const [at, row] of this.#drawn) row.setAttribute('aria-selected', String(at === this.#active))
    if (this.#drawn.has(this.#active)) this.#box.setAttribute('aria-activedescendant', `row-${this.#active}`)
    else this.#box.removeAttribute('aria-activedescendant')
  }

  #row(at: number): HTMLElement {
    const finding = this.#store.at(this.#places[at] ?? -1)
    const properties = {
      id: `row-${at}`,
      class: 'row',
      role: 'option',
      'data-at': String(at),
      'aria-posinset': String(at + 1),
    }
    if (finding === undefined) return element('div', properties)
    const { rule, message, label, affected, state, journeys } = finding
    const more = [
      rule.id,
      label,
      affected,
      state === 'new' ? '' : state,
      journeys.length > 0
        ? `${number(journeys.length)} ${journeys.length === 1 ? 'journey' : 'journeys'}`
        : '',
    ]
    return element(
      'div',
      properties,
      sign(rule.tone),
      element(
        'div',
        { class: 'row-text' },
        element('span', { class: 'row-message' }, message),
        element(
          'span',
          { class: 'row-more' },
          [rule.word, ...more].filter((part) => part !== '').join(' · '),
        ),
      ),
    )
  }
}
