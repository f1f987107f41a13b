import type { Shopper } from '../population/shopper.ts'
import type { Cast } from './cast.ts'
import { Quota, Turns } from './quota.ts'

/** What is wrong with the attributes themselves, whatever the plan says: names, kinds, limits, and facts left behind. */
export function plantAttributeNames(cast: Cast, shoppers: readonly Shopper[]): void {
  const known = shoppers.filter((shopper) => shopper.known)
  plantMixedKinds(cast, known)
  plantSpellings(cast, known)
  plantLimits(cast, known)
  plantBrittleNames(cast, known)
  plantStaleFacts(cast, known)
}

/** Attributes of no plan; one value in eight is of another kind. */
const mixed: Readonly<Record<string, readonly [usual: readonly string[], odd: readonly string[]]>> = {
  loyalty_since: [
    ['1700000000', '1650000000'],
    ['2024-03-01', '2023-11-30T08:00:00Z'],
  ],
  newsletter: [
    ['true', 'false'],
    ['yes', 'no'],
  ],
  store_visits: [
    ['3', '12'],
    ['{"berlin":3}', '[3]'],
  ],
  size_profile: [
    ['{"shoe":38}', '{"shoe":42}'],
    ['38', '42.5'],
  ],
  last_survey: [
    ['2026-01-05', '2025-09-12'],
    ['last spring', 'never'],
  ],
}

/** Near misses: whole and decimal numbers, text of which some is digits, codes, and postal codes of several countries. */
const ofOneKind: Readonly<Record<string, readonly string[]>> = {
  basket_mean: ['12', '12.50', '1e3'],
  street_number: ['7b', '12a', '3 c', '14'],
  member_code: ['0017', '0042x', '0815', '0001-b'],
  postal_code: ['10115', '80331', '20095', 'SW1A 1AA'],
}

function plantMixedKinds(cast: Cast, known: readonly Shopper[]): void {
  for (const [attribute, [usual, odd]] of Object.entries(mixed)) {
    const [values, others] = [new Turns(usual), new Turns(odd)]
    for (const [turn, { person }] of some(cast, known, 0.08).entries()) {
      const isOdd = turn % 8 === 3
      person.attributes[attribute] = (isOdd ? others : values).next()
      if (isOdd) cast.facts.add('attributes/mixed-type', attribute, [person.cioId])
    }
  }
  for (const [attribute, values] of Object.entries(ofOneKind)) {
    const turns = new Turns(values)
    for (const { person } of some(cast, known, 0.08)) person.attributes[attribute] = turns.next()
  }
}

const spellings: readonly (readonly [folded: string, name: string])[] = [
  ['firstname', 'firstName'],
  ['firstname', 'First_Name'],
  ['lastname', 'last-name'],
  ['loyaltymember', 'Loyalty Member'],
  ['lifetimevalue', 'LIFETIME_VALUE'],
  ['favouritecategories', 'favourite.categories'],
]

/** Near misses. */
const notInUse = 'Birthday'
const testersOnly = 'Orders_Count'
const anotherWord = 'order_count'

function plantSpellings(cast: Cast, known: readonly Shopper[]): void {
  for (const [folded, name] of spellings) {
    for (const { person } of some(cast, known, 0.004)) {
      person.attributes[name] = '1'
      cast.facts.add('attributes/name-collision', folded, [person.cioId])
    }
  }
  const testers = cast.block === 0 ? known.slice(0, 2) : []
  for (const { person } of some(cast, known, 0.004)) person.attributes[notInUse] = ''
  for (const { person } of testers) person.attributes[testersOnly] = '3'
  for (const { person } of some(cast, known, 0.004)) person.attributes[anotherWord] = '3'
}

const breaches: readonly (readonly [attribute: string, value: string])[] = [
  ['notes', 'x'.repeat(1001)],
  ['notes', 'é'.repeat(501)],
  [`survey_${'a'.repeat(144)}`, 'yes'],
  [`umfrage_${'ä'.repeat(72)}`, 'ja'],
  ['_score', '17'],
]
/** To the byte as long as they may be. */
const withinLimits: readonly (readonly [attribute: string, value: string])[] = [
  ['remarks', 'y'.repeat(1000)],
  [`survey_${'b'.repeat(143)}`, 'yes'],
]

function plantLimits(cast: Cast, known: readonly Shopper[]): void {
  for (const [turn, { person }] of some(cast, known, 0.005).entries()) {
    const [attribute, value] = breaches[turn % breaches.length] ?? ['notes', '']
    person.attributes[attribute] = value
    cast.facts.add('attributes/limits', attribute, [person.cioId])
  }
  for (const { person } of some(cast, known, 0.002)) {
    for (const [attribute, value] of withinLimits) person.attributes[attribute] = value
  }
}

const brittle = ['ios_5_2_flag', 'appVersion5.2seen', 'v5-2 banner', 'Experiment_Checkout', 'ab_test_colour']
const stable = ['address_2', 'expires_2026', 'web_shop', 'tested_in_2_shops']

function plantBrittleNames(cast: Cast, known: readonly Shopper[]): void {
  for (const name of brittle) cast.facts.add('attributes/brittle', name, [])
  for (const name of [...brittle, ...stable]) {
    for (const { person } of some(cast, known, 0.002)) person.attributes[name] = 'a'
  }
}

/** Buyers of the window of whom the attribute tells the purchase before. */
function plantStaleFacts(cast: Cast, known: readonly Shopper[]): void {
  const beforeTheWindow = cast.nowSeconds - 32 * 86_400
  const buyers = known.filter(({ depth, person, touched }) => {
    const stated = person.attributes['last_purchase_at']
    return (
      depth === 'purchase' && !touched.has('last_purchase_at') && stated && Number(stated) < beforeTheWindow
    )
  })
  for (const shopper of some(cast, buyers, 0.05)) {
    shopper.touched.add('last_purchase_at')
    cast.facts.add('attributes/stale-fact', 'last_purchase_at', [shopper.person.cioId])
  }
}

/** Every name that is planted here: an export has a column for each. */
export const plantedNames: readonly string[] = [
  ...new Set([
    ...Object.keys(mixed),
    ...Object.keys(ofOneKind),
    ...spellings.map(([, name]) => name),
    notInUse,
    testersOnly,
    anotherWord,
    ...[...breaches, ...withinLimits].map(([name]) => name),
    ...brittle,
    ...stable,
  ]),
]

/** A share of them, evenly spread, and never fewer than five. */
function some(cast: Cast, shoppers: readonly Shopper[], share: number): Shopper[] {
  const quota = new Quota(
    Math.min(1, Math.max(share, 6 / Math.max(1, shoppers.length))),
    cast.random.fraction(),
  )
  return shoppers.filter(() => quota.next())
}
