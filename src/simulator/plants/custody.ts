import type { CustodyAct, Shopper } from '../population/shopper.ts'
import type { Device, TokenHistory } from '../types.ts'
import { cases, type Cast } from './cast.ts'
import { shareEmail } from './emails.ts'

const hour = 3_600
const day = 24 * hour

/** One phone that went from hand to hand, with all that the workspace saw of it. */
interface Case {
  readonly cast: Cast
  readonly device: Device
  /** Those who had it, the first one first. */
  readonly members: readonly Shopper[]
  /** Unix seconds at which each of them got it. */
  readonly since: readonly number[]
}

/**
 * Tokens whose history tells how it came that several profiles hold them, or none that is messaged. Whoever is in it does
 * nothing else with a phone, so that what is planted is all that can be seen of it.
 */
const stories: readonly { readonly people: number; readonly tell: (its: Case) => void }[] = [
  { people: 2, tell: (its) => keptByAll(its, { kind: 'switch', ...handOver(its) }) },
  {
    people: 2,
    tell: (its) => {
      keptByAll(its, { kind: 'alternating' })
      comesBack(its)
    },
  },
  { people: 3, tell: (its) => keptByAll(its, { kind: 'switch', ...handOver(its) }) },
  {
    people: 2,
    tell: (its) => {
      keptByAll(its, { kind: 'duplicate' })
      shareEmail(its.cast, its.members, (email) => email)
    },
  },
  { people: 2, tell: takenOffTheBuyer },
  { people: 2, tell: properLogout },
]

export function plantCustody(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.003, stories.length); turn += 1) {
    const story = stories[turn % stories.length]
    const known = ({ person }: Shopper): boolean =>
      person.email !== null && person.createdAt < cast.nowSeconds - 29 * day
    const members = story === undefined ? null : cast.take(story.people, known)
    if (story === undefined || members === null) return
    for (const [position, shopper] of members.entries())
      cast.dress(shopper, { depth: 'none', devices: position === 0 ? 1 : 0 })
    const [device] = members[0].person.devices
    if (device === undefined) return
    let at = cast.nowSeconds - cast.random.int(14, 20) * day - cast.random.int(0, 20 * hour)
    const since = members.map(() => (at += cast.random.int(2, 3) * day))
    story.tell({ cast, device, members, since })
  }
}

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)

/** The last change of hands. */
function handOver({ members, since }: Case): { on: string; from: string } {
  return { on: dayOf(since.at(-1) ?? 0), from: members.at(-2)?.person.cioId ?? '' }
}

function act({ device }: Case, shopper: Shopper, at: number, what: CustodyAct['act']): void {
  shopper.custody = [...shopper.custody, { device, at, act: what }]
}

/** They hold it from then on; how they say so is the same for all. */
function holds(its: Case, shopper: Shopper, at: number, what: 'registered' | 'renewed'): void {
  const { device } = its
  shopper.person.devices = [{ ...device, attributes: { ...device.attributes }, lastUsed: at }]
  act(its, shopper, at, what)
}

/** No logout ever arrives, so that everybody who had it still has it. */
function keptByAll(its: Case, history: TokenHistory): void {
  for (const [position, shopper] of its.members.entries())
    holds(its, shopper, its.since[position] ?? 0, 'registered')
  its.cast.facts.add(
    'devices/shared-token',
    its.device.token,
    its.members.map(({ person }) => person.cioId),
    { history },
  )
}

function comesBack(its: Case): void {
  const [first] = its.members
  if (first !== undefined) holds(its, first, (its.since.at(-1) ?? 0) + day, 'renewed')
}

/** One person twice: the token left the profile that buys, and is on the one that does nothing. */
function takenOffTheBuyer(its: Case): void {
  const [buyer, mate] = its.members
  const [since = 0, later = 0] = its.since
  if (buyer === undefined || mate === undefined) return
  its.cast.dress(buyer, { depth: 'cart', devices: 0 })
  act(its, buyer, since, 'registered')
  act(its, buyer, later - hour, 'deleted')
  holds(its, mate, later, 'registered')
  shareEmail(its.cast, its.members, (email) => email)
  its.cast.noteOrphans(its.members)
  const history = { kind: 'former', on: dayOf(later - hour), from: buyer.person.cioId } as const
  its.cast.facts.add('devices/orphaned-token', its.device.token, [mate.person.cioId], { history })
}

/** A near miss: the logout of the first one arrived, so the second one holds the token alone. */
function properLogout(its: Case): void {
  const [first, second] = its.members
  const [since = 0, later = 0] = its.since
  if (first === undefined || second === undefined) return
  first.person.devices = []
  act(its, first, since, 'registered')
  act(its, first, later - hour, 'deleted')
  holds(its, second, later, 'registered')
}
