import type { Shopper } from '../../population/shopper.ts'
import { mixed } from '../../random.ts'
import { dashed } from '../../ulid.ts'

const hex = (value: number): string => value.toString(16).padStart(8, '0')

/**
 * The anonymous id of a person's app or browser; `device` counts where somebody has several. Computed out of the
 * `cio_id`, which differs in its last eight digits, so that nobody has to keep a million of them.
 */
export function anonymousIdOf(cioId: string, device = 0): string {
  const own = Number.parseInt(cioId.slice(-8), 16)
  const [first, second, third, fourth] = [1, 2, 3, 4].map((part) => hex(mixed(own, device * 10 + part)))
  return dashed(`${first}${second?.slice(0, 4)}4${second?.slice(5)}a${third?.slice(1)}${fourth}`)
}

/** Who a call is from. A till knows its customers and has no anonymous id, but for whom it has no id: a call names somebody. */
export interface Sender {
  readonly anonymousId: string | null
  readonly userId: string | null
}

export function senderOf({ person, surface }: Shopper): Sender {
  const userId = person.id === '' ? null : person.id
  return { anonymousId: surface === 'pos' && userId !== null ? null : anonymousIdOf(person.cioId), userId }
}

export const isPhone = ({ surface }: Shopper): boolean => surface === 'ios' || surface === 'android'
