import type { Shopper } from '../population/shopper.ts'
import { cases, type Cast } from './cast.ts'

const day = 86_400

interface Format {
  /** The finding's subject. */
  readonly name: string
  readonly id: (cast: Cast, turn: number) => string
  /** What else is true of those who have such an id. */
  readonly also?: (cast: Cast, shopper: Shopper) => void
}

const base32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.split('')
/** Numbers that no other block gives out. */
export const numbered = ({ block }: Cast, turn: number): number => block * 10_000 + turn

/** Ids of other systems in a shop whose ids are UUIDs; each system writes its own in more than one way. */
const formats: readonly Format[] = [
  {
    name: 'integer',
    id: (cast, turn) => `${turn % 2 === 0 ? '' : '000'}${700_000 + numbered(cast, turn)}`,
    // An import of a night, a month and a half ago.
    also: ({ nowSeconds, random }, { person }) => {
      person.createdAt = Math.floor(nowSeconds / day - 45) * day + random.int(0, 7_200)
    },
  },
  {
    name: 'prefix user_',
    id: (cast, turn) => `${turn % 2 === 0 ? 'user' : 'User'}_${9_000 + numbered(cast, turn)}`,
  },
  {
    name: 'prefix gid://shopify/customer/',
    id: (cast, turn) => `gid://shopify/Customer/${5_500_000 + numbered(cast, turn)}`,
  },
  {
    name: 'hex of 32 digits',
    id: ({ random }, turn) => (turn % 2 === 0 ? `a${random.hex(31)}` : `B${random.hex(31).toUpperCase()}`),
  },
  {
    name: 'ulid',
    id: ({ random }, turn) =>
      `01${turn % 2 === 0 ? 'J' : 'j'}${Array.from({ length: 23 }, () => random.pick(base32)).join('')}`,
  },
  {
    name: 'other',
    id: (cast, turn) =>
      turn % 2 === 0 ? `kunde ${numbered(cast, turn)}` : `#${numbered(cast, turn)}@counter`,
  },
]

/** One shop, six more systems; near misses are UUIDs that are only written differently. */
export function plantIdFormats(cast: Cast, people: number): void {
  for (const { name, id, also } of formats) {
    for (let turn = 0; turn < cases(people, 0.001, 4); turn += 1) {
      const [shopper] = cast.take(1) ?? []
      if (shopper === undefined) return
      shopper.person.id = id(cast, turn)
      also?.(cast, shopper)
      cast.facts.add('identity/mixed-id-format', name, [shopper.person.cioId])
    }
  }
  for (const written of [
    (id: string) => id.toUpperCase(),
    (id: string) => `\t${id}`,
    (id: string) => `${id} `,
  ]) {
    const [shopper] = cast.take(1) ?? []
    if (shopper !== undefined) shopper.person.id = written(shopper.person.id ?? '')
  }
}
