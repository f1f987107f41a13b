import type { Random } from '../random.ts'
import type { Person, PopulationOptions, Variant } from '../types.ts'
import { countries, drawCountry, type Country } from './countries.ts'
import { appVersions, drawDevice } from './devices.ts'
import { mailMaker, nameMaker } from './names.ts'
import type { Depth, Shopper, Surface } from './shopper.ts'

const day = 86_400
const phoneStep = 7
const tiers = ['bronze', 'bronze', 'bronze', 'silver', 'silver', 'gold'] as const
const categories = ['shoes', 'jackets', 'knitwear', 'bags', 'outdoor', 'kids'] as const

/** Every attribute that somebody may have. */
export const attributeNames = [
  'anonymous_id',
  'app_version',
  'birthday',
  'country',
  'customer_id',
  'customer_tier',
  'favourite_categories',
  'first_name',
  'last_name',
  'last_purchase_at',
  'lifetime_value',
  'locale',
  'loyalty_member',
  'orders_count',
  'push_opt_in',
] as const

/** Shares of a variant. The sterile shop has nothing that any rule could mention; broken starts out like healthy. */
const shares: Readonly<
  Record<Variant, { web: number; till: number; optIn: number; dormant: number; noDevice: number }>
> = {
  sterile: { web: 0, till: 0, optIn: 0.6, dormant: 0, noDevice: 0 },
  healthy: { web: 0.15, till: 0.03, optIn: 0.35, dormant: 0.3, noDevice: 0.05 },
  broken: { web: 0.12, till: 0.03, optIn: 0.35, dormant: 0.3, noDevice: 0.05 },
}

const depthShares: readonly (readonly [Depth, number])[] = [
  ['purchase', 0.14],
  ['checkout', 0.22],
  ['cart', 0.34],
  ['browse', 0.6],
  ['search', 0.63],
  ['opens', 0.65],
  ['none', 1],
]

function drawDepth(random: Random, variant: Variant): Depth {
  const draw = random.fraction()
  const depth = depthShares.find(([, upTo]) => draw < upTo)?.[0] ?? 'none'
  // A person who only opens the app is what `events/background-opens` looks at: none of them in the sterile shop.
  return variant === 'sterile' && (depth === 'opens' || depth === 'search') ? 'browse' : depth
}

function drawSurface(random: Random, variant: Variant): Surface {
  const { web, till } = shares[variant]
  const draw = random.fraction()
  if (draw < web) return 'web'
  if (draw < web + till) return 'pos'
  return random.chance(0.55) ? 'ios' : 'android'
}

/** `cio_id`s are hex, unique, and not in any visible order: the counter goes through a one-to-one scramble. */
function cioIdOf(index: number, seed: number): string {
  const scrambled = Math.imul((index + 1) ^ (seed & 0xffff), 0x9e3779b1) >>> 0
  return `d9c106${scrambled.toString(16).padStart(8, '0')}`
}

/** Everybody, clean: unique addresses, numbers, ids and tokens, attributes as the shop's own plan wants them. */
export function makeShoppers(options: PopulationOptions, random: Random): Shopper[] {
  const { variant, seed } = options
  const { number, firstPerson, shopSeed } = options.block ?? { number: 0, firstPerson: 0, shopSeed: seed }
  const now = Math.floor(options.now.getTime() / 1000)
  const nameOf = nameMaker(seed)
  const mailOf = mailMaker(random, number)
  const phoneNumbers = new Map(
    countries.map(({ code }) => [code, firstPerson * phoneStep + number * 10_000 + random.int(0, 9_999)]),
  )

  return Array.from({ length: options.people }, (_, index): Shopper => {
    const country = drawCountry(random)
    const name = nameOf(country)
    const unique = (phoneNumbers.get(country.code) ?? 0) + phoneStep
    phoneNumbers.set(country.code, unique)
    const surface = drawSurface(random, variant)
    const depth = surface === 'pos' && random.chance(0.5) ? 'purchase' : drawDepth(random, variant)
    const person: Person = {
      cioId: cioIdOf(firstPerson + index, shopSeed),
      id: random.uuid(),
      email: mailOf(name, country.mailDomains),
      phone: random.chance(0.45) ? country.phone(unique) : null,
      createdAt: now - (random.chance(0.08) ? random.int(day, 27 * day) : random.int(40 * day, 1_100 * day)),
      attributes: { first_name: name.first, last_name: name.last },
      attributeTimes: {},
      unsubscribed: false,
      devices: [],
      deleted: false,
    }
    const active = depth !== 'none'
    const shopper: Shopper = {
      index,
      person,
      depth: surface === 'pos' && depth !== 'purchase' ? 'none' : depth,
      surface,
      known: true,
      reserved: false,
      touched: new Set(),
      sharedKey: null,
      imported: false,
      feed: [],
      custody: [],
      carts: [],
    }
    fillAttributes(shopper, country, variant, now, random)
    if (surface === 'ios' || surface === 'android') {
      const { dormant, noDevice } = shares[variant]
      if (active || !random.chance(noDevice))
        giveDevice(shopper, now, random, !active && random.chance(dormant / 0.35))
      if (random.chance(0.04)) giveDevice(shopper, now, random, false)
    }
    return shopper
  })
}

function fillAttributes(
  shopper: Shopper,
  country: Country,
  variant: Variant,
  now: number,
  random: Random,
): void {
  const { person, surface } = shopper
  const { attributes } = person
  const isApp = surface === 'ios' || surface === 'android'
  const orders = random.int(1, 9)
  attributes['customer_id'] = person.id
  attributes['country'] = country.code
  attributes['locale'] = random.pick(country.locales)
  attributes['customer_tier'] = random.pick(tiers)
  attributes['loyalty_member'] = String(random.chance(0.4))
  attributes['favourite_categories'] = JSON.stringify([random.pick(categories)])
  if (random.chance(0.4) || variant === 'sterile') attributes['birthday'] = drawBirthday(random)
  // In the healthy shop only buyers have bought and only app users have an app version, as in a real one.
  if (variant !== 'healthy' || random.chance(0.6)) {
    attributes['last_purchase_at'] = String(Math.max(person.createdAt, now - random.int(35 * day, 600 * day)))
    attributes['orders_count'] = String(orders)
    attributes['lifetime_value'] = ((orders * random.int(2_000, 14_000)) / 100).toFixed(2)
  }
  if (variant !== 'healthy' || isApp) attributes['app_version'] = random.pick(appVersions)
  if (isApp) attributes['push_opt_in'] = String(random.chance(shares[variant].optIn))
}

function drawBirthday(random: Random): string {
  const month = String(random.int(1, 12)).padStart(2, '0')
  return `${random.int(1955, 2006)}-${month}-${String(random.int(1, 28)).padStart(2, '0')}`
}

/** A device that agrees with the person's opt-in: on for those who said yes, off for the others. */
export function giveDevice(shopper: Shopper, now: number, random: Random, dormant: boolean): void {
  const { person } = shopper
  const platform = shopper.surface === 'android' ? 'android' : 'ios'
  const lastUsed = dormant
    ? now - random.int(290 * day, 700 * day)
    : now - random.int(3_600, shopper.depth === 'none' ? 200 * day : 6 * day)
  person.devices.push(
    drawDevice(random, {
      platform,
      lastUsed,
      locale: person.attributes['locale'] ?? 'en-US',
      pushEnabled: person.attributes['push_opt_in'] === 'true',
    }),
  )
}
