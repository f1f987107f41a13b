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

/** Places of all findings in the order that was asked for. Numbers sort in milliseconds where texts would take a second. */
export function ordered({ rows, facts }: Store, by: string): Uint32Array {
  const keys = new Float64Array(rows.length)
  rows.forEach((row, place) => {
    const [, rule, , state, , , , , affected, , first, last] = row
    const widest = most - Math.min(affected, most - 1)
    const key =
      by === 'affected'
        ? widest
        : by === 'first'
          ? 2 ** 34 - first
          : by === 'last'
            ? 2 ** 34 - last
            : by === 'rule'
              ? rule
              : ((facts.rules[rule]?.rank ?? 0) * facts.states.length + state) * most + widest
    keys[place] = key * places + place
  })
  return Uint32Array.from(keys.sort(), (key) => key % places)
}
