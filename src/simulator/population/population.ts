import { ActivityLog } from '../activity-log.ts'
import { FactBook } from '../facts.ts'
import { noteCartWalks } from '../plants/cart-walks.ts'
import { plantEvents } from '../plants/events.ts'
import { noteJourneys } from '../plants/journeys.ts'
import { plantDoubleSends } from '../plants/sends.ts'
import { plantTesterSends } from '../plants/tester-sends.ts'
import { fateOf, plantMissingCritical } from '../plants/names.ts'
import { lonePurchases } from '../plants/lone-purchases.ts'
import { playBackgroundOpens, playNoise } from '../plants/noise.ts'
import { playRenames } from '../plants/renames.ts'
import { noteBareNewcomers, noteMissingMerges } from '../plants/newcomers.ts'
import { withOrderCases } from '../plants/orders.ts'
import { plantPeople } from '../plants/people.ts'
import { plantQuiz } from '../plants/quiz.ts'
import { plantStrayTimes } from '../plants/stray-times.ts'
import { derivedSeed, Random } from '../random.ts'
import type { Delivery, Population, PopulationOptions } from '../types.ts'
import { logsIn, playLogin } from './logins.ts'
import { keepHouse, sendCartMessages } from './housekeeping.ts'
import { makeCampaigns, makeSegments } from './journeys.ts'
import { makeShoppers } from './people.ts'
import { makeProducts, type Product } from './products.ts'
import { withMess } from './mess.ts'
import { playImportedOrders, playMainVisit, playRareEvent, playSideVisit, rareEvents } from './sessions.ts'
import { reaches, type Shopper } from './shopper.ts'
import type { Stage } from './stage.ts'

const hourMs = 3_600_000
/** Everything planted lies well inside the 30 days, so that a few minutes of pulling cannot push it out of the window. */
const windowHours = 28 * 24
/** What a person does without side visits, on average: measured, and only used to hit the wished mean. */
const mainActivities = 4.3
const sideActivities = 3.8

/**
 * A shop's workspace made from a seed: first the people, then what is wrong with them (written down as facts), then
 * what they did. Pure: the same options give the same bytes.
 */
export const makePopulation = (options: PopulationOptions): Population => makeShop(options).population

/** A population with what only its maker knows: who was taken for which case, and the truth before it is summed up. */
export interface Shop {
  readonly population: Population
  readonly shoppers: readonly Shopper[]
  readonly products: readonly Product[]
  readonly facts: FactBook
}

export function makeShop(options: PopulationOptions): Shop {
  const random = new Random(options.seed)
  const facts = new FactBook()
  const shoppers = makeShoppers(options, random)
  const { sharedKeys, persons, cast } = plantPeople({ ...options, shoppers, facts, random })
  plantMissingCritical(facts, options.variant)

  const stage = makeStage(options, random, facts)
  const own = (part: string): Random => new Random(derivedSeed(options.seed, part))
  const buyAlone = lonePurchases(stage, own('lone purchases'))
  playMonth(stage, shoppers, options.eventsPerPerson ?? 8, own('logins'), buyAlone)
  playRenames(stage, shoppers, own('renames'))
  for (const { event, onePerson, records } of sharedKeys) {
    if (onePerson && records.length > 1)
      facts.add('events/duplicate-key', event, records, { surplus: records.length - 1 })
  }
  plantStrayTimes(stage, shoppers, options.seed)
  plantQuiz(stage, shoppers, options.seed)
  if (options.variant === 'broken') noteMissingMerges(facts, shoppers, stage.nowMs)
  noteBareNewcomers(facts, shoppers, stage.nowMs)
  if (cast !== null) noteCartWalks(cast, shoppers)
  const now = Math.floor(stage.nowMs / 1000)
  const people = shoppers.map((shopper) => shopper.person)
  if (options.variant === 'broken') {
    plantDoubleSends(stage)
    plantTesterSends(stage, people, options.seed)
  }
  const activities = stage.log.freeze()
  const campaigns = makeCampaigns(options.variant, now)
  noteJourneys(facts, options.variant, { campaigns, activities, people }, stage.nowMs)
  const population: Population = {
    people,
    devices: people.flatMap((person) => person.devices.map((device) => ({ cioId: person.cioId, device }))),
    activities,
    campaigns,
    segments: makeSegments(options.variant, now),
    deliveries: stage.deliveries,
    facts: facts.facts(),
    persons: persons.map(({ members }) => members.map(({ person }) => person.cioId)),
  }
  return { population, shoppers, products: stage.products, facts }
}

function makeStage(options: PopulationOptions, random: Random, facts: FactBook): Stage {
  const log = new ActivityLog(options.seed)
  const deliveries: Delivery[] = []
  // A person has four orders at most, refunds included.
  let orderNumber = 10_000_000 + (options.block?.firstPerson ?? 0) * 4
  const nextOrderNumber = (): number => (orderNumber += 1)
  const products = makeProducts(random)
  const { variant, seed } = options
  const plant = withOrderCases(
    plantEvents({ variant, log, facts, random, nowMs: options.now.getTime() }),
    variant,
    seed,
    facts,
  )
  const send = options.messy === true ? withMess(plant, options.seed) : plant
  return {
    variant: options.variant,
    nowMs: options.now.getTime(),
    random,
    log,
    facts,
    products,
    deliveries,
    nextOrderNumber,
    send,
  }
}

/** @param logins - chance of their own, so that everything else is as it would be without them. */
function playMonth(
  stage: Stage,
  shoppers: readonly Shopper[],
  wishedMean: number,
  logins: Random,
  buyAlone: ReturnType<typeof lonePurchases>,
): void {
  const browsing = shoppers.filter(
    (shopper) => shopper.surface !== 'pos' && reaches(shopper, 'browse'),
  ).length
  const sideMean = Math.max(
    0,
    ((wishedMean - mainActivities) * shoppers.length) / sideActivities / Math.max(1, browsing),
  )
  const windowStartMs = stage.nowMs - windowHours * hourMs
  const rare = rarePlan(stage, shoppers)
  for (const shopper of shoppers) {
    const firstMs = Math.max(windowStartMs, shopper.person.createdAt * 1000)
    const hours = Math.floor((stage.nowMs - firstMs) / hourMs) - 2
    const startOf = slots(stage, firstMs, hours)
    keepHouse(stage, shopper, windowStartMs)
    if (shopper.imported) playImportedOrders(stage, shopper)
    if (shopper.depth === 'none') continue
    const cart = playMainVisit(stage, shopper, startOf())
    if (cart !== null) sendCartMessages(stage, shopper, cart)
    buyAlone(shopper, cart)
    for (const name of rare.get(shopper.index) ?? []) playRareEvent(stage, shopper, name, startOf())
    if (shopper.surface === 'pos' || !reaches(shopper, 'browse')) continue
    const visits = Math.min(stage.random.poisson(sideMean), Math.floor(hours / 2))
    for (let visit = 0; visit < visits; visit += 1) playSideVisit(stage, shopper, startOf())
    if (logsIn(shopper, logins)) playLogin(stage, shopper, startOf(logins), logins)
  }
  if (stage.variant !== 'broken') return
  playNoise(stage, shoppers)
  playBackgroundOpens(stage, shoppers)
}

/** Each visit of a person gets an hour of its own, from the first one to two hours ago. */
function slots(stage: Stage, firstMs: number, hours: number): (random?: Random) => number {
  const taken = new Set<number>()
  return (random = stage.random) => {
    let slot = random.int(0, hours - 1)
    while (taken.has(slot)) slot = random.int(0, hours - 1)
    taken.add(slot)
    return firstMs + slot * hourMs + random.int(0, 900_000)
  }
}

/** Who sends the rare events: two in a hundred of the active, and the first few for certain. */
function rarePlan(stage: Stage, shoppers: readonly Shopper[]): Map<number, string[]> {
  const plan = new Map<number, string[]>()
  const active = shoppers.filter((shopper) => reaches(shopper, 'browse') && shopper.surface !== 'pos')
  for (const [position, shopper] of active.entries()) {
    const names = rareEvents.filter((name, turn) => {
      const once = fateOf(name, stage.variant) === 'once'
      return once ? position === turn : position % 40 === turn || stage.random.chance(0.002)
    })
    if (names.length > 0) plan.set(shopper.index, names)
  }
  return plan
}
