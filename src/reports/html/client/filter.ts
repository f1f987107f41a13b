import type { Row } from '../wire.ts'
import { inSlices } from './slices.ts'
import type { Store } from './store.ts'

export interface Wanted {
  readonly query: string
  readonly severity: string
  readonly state: string
  readonly category: string
  readonly journey: string
  readonly rule: string
}

/** Each word of the query has to stand somewhere in the finding. */
export function matcher(store: Store, wanted: Wanted): (place: number) => boolean {
  const { facts, rows, journeys } = store
  const terms = wanted.query
    .toLowerCase()
    .split(/\s+/)
    .filter((term) => term !== '')
  const severity = facts.severities.indexOf(wanted.severity)
  const state = facts.states.indexOf(wanted.state)
  const rules = facts.rules.map(
    ({ id, category }) =>
      (wanted.rule === '' || id === wanted.rule) && (wanted.category === '' || category === wanted.category),
  )
  const journey = wanted.journey === '' ? -1 : journeys.findIndex(([id]) => String(id) === wanted.journey)
  return (place) => {
    const row = rows[place]
    if (row === undefined || rules[row[1]] !== true) return false
    if (severity >= 0 && row[2] !== severity) return false
    if (state >= 0 && row[3] !== state) return false
    if (wanted.journey !== '' && !row[12].includes(journey)) return false
    if (terms.length === 0) return true
    const text = store.text(place)
    return terms.every((term) => text.includes(term))
  }
}

/** Room for the place of a finding behind what it is sorted by, in the 53 bits of a number. */
const places = 2 ** 17
const most = 2 ** 28

/**
 * Places of all findings in the order that was asked for. Numbers are sorted by the browser in milliseconds, where texts
 * would take a second; what comes before and after is done in slices.
 */
export async function ordered(store: Store, by: string): Promise<Uint32Array> {
  const { rows } = store
  const keys = new Float64Array(rows.length)
  const key = keyOf(store, by)
  await inSlices(rows.length, (place) => {
    const row = rows[place]
    if (row !== undefined) keys[place] = key(row) * places + place
  })
  keys.sort()
  const sorted = new Uint32Array(rows.length)
  await inSlices(rows.length, (at) => {
    sorted[at] = (keys[at] ?? 0) % places
  })
  return sorted
}

function keyOf({ facts }: Store, by: string): (row: Row) => number {
  const ranks = facts.rules.map(({ rank }) => rank)
  const widest = (row: Row): number => most - Math.min(row[8], most - 1)
  if (by === 'affected') return widest
  if (by === 'first') return (row) => 2 ** 34 - row[10]
  if (by === 'last') return (row) => 2 ** 34 - row[11]
  if (by === 'rule') return (row) => row[1]
  return (row) => ((ranks[row[1]] ?? 0) * facts.states.length + row[3]) * most + widest(row)
}
