import type { Shopper } from '../population/shopper.ts'

export interface AddressChange {
  readonly hoursAgo: number
  readonly from: string
  readonly to: string
}

/** The feed of somebody whose address was changed again and again, ending in the one of now. */
export function noteAddresses({ person, feed }: Shopper, addresses: readonly string[]): void {
  const all = [...addresses, person.email ?? '']
  for (const [position, to] of all.entries()) {
    if (position === 0) continue
    const data = { email: { from: all[position - 1] ?? '', to } }
    feed.push({ type: 'attribute_change', hoursAgo: 3 + (all.length - position) * 31, data })
  }
}

/** What the feed tells of somebody's address. */
export const addressChanges = ({ feed }: Shopper): AddressChange[] =>
  feed.flatMap(({ type, hoursAgo, data }) => {
    const { email } = data as { email?: Pick<AddressChange, 'from' | 'to'> }
    return email === undefined || type !== 'attribute_change' ? [] : [{ hoursAgo, ...email }]
  })
