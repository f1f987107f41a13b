import type { Shopper } from '../population/shopper.ts'
import type { Fact } from '../types.ts'
import { cases, type Cast } from './cast.ts'
import { Quota, Turns } from './quota.ts'

type Truth = Pick<Fact, 'plan' | 'informative'>

interface Absence {
  readonly attribute: string
  readonly share: number
  readonly fits: (shopper: Shopper) => boolean
  /** The plans for which the absence is a finding; the built-in plan only recommends its attributes. */
  readonly truths: (shopper: Shopper) => readonly Truth[]
}

const shop: Truth = { plan: 'shop', informative: false }
const builtIn: Truth = { plan: 'built-in', informative: true }
const recommendedByBoth: Truth = { plan: 'both', informative: true }

const isBuyer = ({ depth }: Shopper): boolean => depth === 'purchase'
const isAppUser = ({ surface, depth, person }: Shopper): boolean =>
  (surface === 'ios' || surface === 'android') && (depth !== 'none' || person.devices.length > 0)
/** Whether an order from before the window makes a customer is nobody's promise: those people are left alone. */
const isNoOldBuyer = ({ imported }: Shopper): boolean => !imported

const absences: readonly Absence[] = [
  { attribute: 'country', share: 0.08, fits: () => true, truths: () => [shop, builtIn] },
  { attribute: 'locale', share: 0.02, fits: () => true, truths: () => [builtIn] },
  { attribute: 'last_purchase_at', share: 0.1, fits: isBuyer, truths: () => [recommendedByBoth] },
  { attribute: 'app_version', share: 0.03, fits: isAppUser, truths: () => [builtIn] },
  {
    attribute: 'customer_tier',
    share: 0.03,
    fits: isNoOldBuyer,
    // The shop recommends it for everybody, the built-in plan for customers only.
    truths: (shopper) => [{ plan: 'shop', informative: true }, ...(isBuyer(shopper) ? [builtIn] : [])],
  },
]

/** The three ways in which an attribute is not there. */
function erase({ person, touched }: Shopper, attribute: string, turn: number): void {
  touched.add(attribute)
  if (turn % 3 === 0) delete person.attributes[attribute]
  else person.attributes[attribute] = turn % 3 === 1 ? '' : null
}

/** Absent, empty and null attributes. `scale` makes the shares smaller for the healthy shop. */
export function plantMissingAttributes(cast: Cast, shoppers: readonly Shopper[], scale: number): void {
  for (const { attribute, share, truths, fits } of absences) {
    const quota = new Quota(share * scale, cast.random.fraction())
    let turn = 0
    for (const shopper of shoppers) {
      if (!shopper.known || shopper.touched.has(attribute) || !fits(shopper) || !quota.next()) continue
      erase(shopper, attribute, turn)
      turn += 1
      for (const truth of truths(shopper))
        cast.facts.add('attributes/missing', attribute, [shopper.person.cioId], truth)
    }
  }
}

/** App users of whom nobody knows whether they may be pushed: neither the attribute nor any device says so. */
export function plantUntrackedPermission(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.012, 10); turn += 1) {
    const [shopper] =
      cast.take(1, ({ surface, known }) => known && (surface === 'ios' || surface === 'android')) ?? []
    if (shopper === undefined) return
    const devices = turn % 4 === 3 ? 0 : turn % 4 === 2 ? 2 : 1
    cast.dress(shopper, { depth: 'browse', devices })
    erase(shopper, 'push_opt_in', turn)
    // Near miss: a device that says no is an answer too.
    if (turn % 5 === 4 && devices > 0) continue
    for (const device of shopper.person.devices) delete device.attributes['push_enabled']
    // What a server registered says nothing of the phone either: the rule names the platforms of these people.
    const last = shopper.person.devices.at(-1)
    if (turn % 3 === 2 && last !== undefined) last.platform = null
    for (const truth of [shop, builtIn])
      cast.facts.add('attributes/missing', 'push_opt_in', [shopper.person.cioId], truth)
  }
}

interface WrongType {
  readonly attribute: string
  readonly plan: Fact['plan']
  readonly values: readonly ((good: string) => string)[]
  /** All of them read as text beside good values that do not: without a plan for it, two kinds in one attribute. */
  readonly isSecondKind?: boolean
}

/** Values that do not read as the planned type, in the spellings that senders really use. */
const wrongTypes: readonly WrongType[] = [
  {
    attribute: 'push_opt_in',
    plan: 'both',
    values: [
      (good) => (good === 'true' ? 'yes' : 'no'),
      () => 'Y',
      () => 'granted',
      () => 'enabled',
      () => '{"push":true}',
    ],
  },
  {
    attribute: 'country',
    plan: 'both',
    values: [() => 'Germany', () => 'USA', () => 'United Kingdom', () => '49', () => '{"code":"DE"}'],
  },
  {
    attribute: 'last_purchase_at',
    plan: 'both',
    values: [
      (good) => `${good}000`,
      (good) => new Date(Number(good) * 1000).toISOString(),
      (good) => new Date(Number(good) * 1000).toUTCString(),
      (good) => new Date(Number(good) * 1000).toISOString().slice(0, 10).split('-').toReversed().join('.'),
      () => 'yesterday',
    ],
  },
  {
    attribute: 'customer_tier',
    plan: 'shop',
    values: [() => 'Gold', () => 'GOLD', () => 'platinum', () => '3', () => '["gold"]'],
  },
  {
    attribute: 'lifetime_value',
    plan: 'shop',
    isSecondKind: true,
    values: [
      () => '1,299.00 €',
      (good) => `${good} EUR`,
      (good) => `$${good}`,
      () => '1.299,00',
      () => 'n/a',
    ],
  },
  {
    attribute: 'orders_count',
    plan: 'shop',
    values: [() => '3.5', () => 'three', (good) => `${good} orders`, () => '5+', () => '[3]'],
  },
  {
    attribute: 'birthday',
    plan: 'shop',
    isSecondKind: true,
    values: [() => '01.05.1990', () => '5/1/90', () => 'May 1st', () => 'Mai 1990', () => '31-12-1984'],
  },
  {
    attribute: 'favourite_categories',
    plan: 'shop',
    isSecondKind: true,
    values: [
      () => '[object Object]',
      () => 'shoes, bags',
      () => "['shoes']",
      () => '{shoes}',
      () => '["shoes"',
    ],
  },
  {
    attribute: 'loyalty_member',
    plan: 'shop',
    isSecondKind: true,
    values: [() => 'yes', () => 'no', () => 'on', () => 'member', () => 'ja'],
  },
]

export function plantWrongAttributeTypes(cast: Cast, shoppers: readonly Shopper[], scale: number): void {
  for (const { attribute, plan, values, isSecondKind = false } of wrongTypes) {
    const quota = new Quota(0.012 * scale, cast.random.fraction())
    const turns = new Turns(values)
    for (const { person, known, touched } of shoppers) {
      const good = person.attributes[attribute]
      if (!known || !good || touched.has(attribute) || !quota.next()) continue
      touched.add(attribute)
      person.attributes[attribute] = turns.next()(good)
      cast.facts.add('attributes/wrong-type', attribute, [person.cioId], { plan })
      // Below a hundredth of the values, as in the healthy shop, it is no kind.
      if (isSecondKind && scale === 1)
        cast.facts.add('attributes/mixed-type', attribute, [person.cioId], { plan: 'built-in' })
    }
  }
}
