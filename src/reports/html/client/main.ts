import { showDetail } from './detail.ts'
import { byId, element, number } from './elements.ts'
import { matcher, ordered, type Wanted } from './filter.ts'
import { List } from './list.ts'
import { inSlices } from './slices.ts'
import { Store } from './store.ts'

const choices = ['severity', 'state', 'category', 'journey', 'rule'] as const

if (document.getElementById('explorer') !== null) void start()
openForPrint()
openLinked()
addEventListener('hashchange', openLinked)

async function start(): Promise<void> {
  byId('explorer', HTMLElement).hidden = false
  const store = new Store()
  const count = byId('count', HTMLElement)
  await store.load((read) => {
    count.textContent = `Reading the findings: ${number(read)} of ${number(store.rest.written)}`
  })
  fillChoices(store)
  const dialog = byId('detail', HTMLDialogElement)
  const list = new List(store, byId('rows', HTMLElement), byId('space', HTMLElement), (at) =>
    open(store, list, dialog, at),
  )
  const search = searcher(store, list)
  byId('filters', HTMLElement).addEventListener('input', search)
  byId('filters', HTMLElement).addEventListener('submit', (event) => event.preventDefault())
  // The form is empty only after its own listeners have run.
  byId('filters', HTMLElement).addEventListener('reset', () => setTimeout(search, 0))
  dialog.addEventListener('close', () => byId('rows', HTMLElement).focus())
  addEventListener('keydown', (event) => shortcuts(event, dialog))
  document.addEventListener('click', (event) => follow(event, search))
  const named = (): void => openNamed(store, dialog)
  addEventListener('hashchange', named)
  search()
  named()
  document.documentElement.dataset['ready'] = 'yes'
}

/** Only what is there can be chosen. */
function fillChoices({ facts, used, journeys }: Store): void {
  const rules = facts.rules.filter((_, at) => used.rules.has(at))
  const fill = (id: string, options: readonly (readonly [value: string, name: string])[]): void =>
    byId(id, HTMLSelectElement).append(...options.map(([value, name]) => element('option', { value }, name)))
  const same = (values: readonly string[]): [string, string][] => values.map((value) => [value, value])
  fill('severity', same(facts.severities.filter((_, at) => used.severities.has(at))))
  fill('state', same(facts.states.filter((_, at) => used.states.has(at))))
  fill('category', same([...new Set(rules.map(({ category }) => category))]))
  fill('rule', same(rules.map(({ id }) => id)))
  fill(
    'journey',
    journeys
      .map(([id, name]): [string, string] => [String(id), name])
      .toSorted(([, one], [, other]) => (one < other ? -1 : 1)),
  )
}

const valueOf = (id: string): string =>
  id === 'query' ? byId(id, HTMLInputElement).value : byId(id, HTMLSelectElement).value

/** Each call leaves the search before it. */
function searcher(store: Store, list: List): () => void {
  let last = 0
  const orders = new Map<string, Uint32Array>()
  const run = async (): Promise<void> => {
    last += 1
    const own = last
    const by = valueOf('sort')
    const places = orders.get(by) ?? (await ordered(store, by))
    orders.set(by, places)
    if (own !== last) return
    const wanted = {
      query: valueOf('query'),
      ...Object.fromEntries(choices.map((id) => [id, valueOf(id)])),
    } as unknown as Wanted
    const fits = matcher(store, wanted)
    const found = new Uint32Array(places.length)
    let count = 0
    let shown = false
    const show = (): void => {
      list.show(found, count, !shown)
      shown = true
    }
    const done = await inSlices(
      places.length,
      (at) => {
        const place = places[at] ?? 0
        if (!fits(place)) return
        found[count] = place
        count += 1
      },
      () => own !== last,
      show,
    )
    if (!done) return
    show()
    tell(count, places.length, store.rest.leftOut)
  }
  return () => void run()
}

function tell(count: number, all: number, leftOut: number): void {
  const found = count === all ? `${number(all)} findings` : `${number(count)} of ${number(all)} findings`
  byId('count', HTMLElement).textContent =
    leftOut === 0 ? found : `${found}; ${number(leftOut)} more stand in findings.csv alone`
  byId('none', HTMLElement).hidden = count > 0
  byId('rows', HTMLElement).hidden = count === 0
}

function open(store: Store, list: List, dialog: HTMLDialogElement, at: number): void {
  const finding = store.at(list.placeAt(at) ?? -1)
  if (finding === undefined) return
  showDetail(dialog, finding, {
    position: `${number(at + 1)} of ${number(list.count)}`,
    step: (by) => {
      if (at + by >= 0 && at + by < list.count) list.choose(at + by)
    },
  })
}

/** `#finding-<fingerprint>`: a finding that a link names, from this page or from anywhere. */
function openNamed(store: Store, dialog: HTMLDialogElement): void {
  const [, fingerprint] = /^#finding-([0-9a-f]+)$/.exec(location.hash) ?? []
  if (fingerprint === undefined) return
  const place = store.rows.findIndex((row) => row[0] === fingerprint)
  const finding = store.at(place)
  if (finding !== undefined) showDetail(dialog, finding, null)
}

/** A rule that a link names: closed, it would only show its title. */
function openLinked(): void {
  const rule = document.getElementById(location.hash.slice(1))
  if (rule instanceof HTMLDetailsElement) rule.open = true
}

/** A link of the page that narrows the list to a rule or a journey. */
function follow(event: MouseEvent, search: () => void): void {
  const link = event.target instanceof Element ? event.target.closest('a[data-rule], a[data-journey]') : null
  if (link === null) return
  byId('filters', HTMLFormElement).reset()
  for (const id of ['rule', 'journey'] as const) {
    const value = link.getAttribute(`data-${id}`)
    if (value !== null) byId(id, HTMLSelectElement).value = value
  }
  search()
}

function shortcuts(event: KeyboardEvent, dialog: HTMLDialogElement): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (dialog.open) {
    const by =
      event.key === 'ArrowRight' || event.key === 'j'
        ? 'Next'
        : event.key === 'ArrowLeft' || event.key === 'k'
          ? 'Previous'
          : ''
    for (const button of dialog.querySelectorAll<HTMLElement>('.detail-bar button'))
      if (button.textContent === by) button.click()
    return
  }
  const isTyping = event.target instanceof Element && event.target.matches('input, select, textarea')
  if (event.key !== '/' || isTyping) return
  event.preventDefault()
  byId('query', HTMLElement).focus()
}

/** What blocks is printed opened; the rest as it stands. */
function openForPrint(): void {
  let opened: HTMLDetailsElement[] = []
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>('.group-fail .rule:not([open])')]
    for (const rule of opened) rule.open = true
  })
  addEventListener('afterprint', () => {
    for (const rule of opened) rule.open = false
  })
}
