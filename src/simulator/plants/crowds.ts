import { giveDevice } from '../population/people.ts'
import type { Shopper } from '../population/shopper.ts'
import { noteAddresses } from './address-changes.ts'
import { cases, type Cast } from './cast.ts'

const domains = ['web.de', 'outlook.com', 'icloud.com', 'gmx.net', 'yahoo.com'] as const

const stranger = (turn: number, position: number): string =>
  `guest${turn * 10 + position}@${domains[position % domains.length] ?? 'web.de'}`

function takeKnown(cast: Cast): Shopper | undefined {
  const [shopper] = cast.take(1, ({ person }) => person.id !== null && person.email !== null) ?? []
  return shopper
}

function give(cast: Cast, shopper: Shopper, devices: number): void {
  cast.dress(shopper, { depth: 'none', devices: 0 })
  for (let count = 0; count < devices; count += 1) giveDevice(shopper, cast.nowSeconds, cast.random, false)
}

/** Profiles that several people use: tills, test phones, an id that is the same for everybody. */
export function plantCrowds(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.0015, 6); turn += 1) {
    const shopper = takeKnown(cast)
    if (shopper === undefined) return
    const strangers = (count: number): string[] =>
      Array.from({ length: count }, (_, position) => stranger(turn, position))
    const kind = turn % 6
    // Four addresses at least, the last of them the person's own: in a chain, from nothing, in other spellings besides.
    if (kind === 0) give(cast, shopper, 11)
    if (kind === 1) give(cast, shopper, 14)
    if (kind === 2) noteAddresses(shopper, strangers(3))
    if (kind === 3) noteAddresses(shopper, ['', ...strangers(5)])
    if (kind === 4) {
      noteAddresses(
        shopper,
        strangers(3).flatMap((address) => [address, address.toUpperCase(), ` ${address}`]),
      )
    }
    if (kind === 5) {
      give(cast, shopper, 12)
      noteAddresses(shopper, strangers(4))
    }
    cast.facts.add('identity/over-merged', shopper.person.cioId, [shopper.person.cioId])
  }
}

/** One device or address fewer; many spellings of one address; many addresses of a friend; changes of long ago. */
export function plantCrowdNearMisses(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.0004, 2); turn += 1) {
    const [collector, mover, speller, friend, former] = Array.from({ length: 5 }, () => takeKnown(cast))
    if (former === undefined || collector === undefined) return
    give(cast, collector, 10)
    const own = `mover${turn}@web.de`
    if (mover) noteAddresses(mover, [own, own.toUpperCase(), `other${turn}@web.de`])
    if (speller) {
      const [local = '', domain = ''] = (speller.person.email ?? '').split('@')
      const tags = ['app', 'shop', 'news', 'sale'].map((tag) => `${local}+${tag}@${domain}`)
      noteAddresses(speller, ['null', 'not an address', ...tags, (speller.person.email ?? '').toUpperCase()])
    }
    for (let position = 0; position < 5; position += 1) {
      const data = {
        invited_email: { from: stranger(turn, position), to: stranger(turn, position + 1) },
      }
      friend?.feed.push({ type: 'attribute_change', hoursAgo: 20 + position, data })
      former.feed.push({
        type: 'attribute_change',
        hoursAgo: (40 + position) * 24,
        data: { email: { from: stranger(turn, position), to: stranger(turn, position + 1) } },
      })
    }
  }
}
