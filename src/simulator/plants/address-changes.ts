import type { Shopper } from '../population/shopper.ts'

const hour = 3_600

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

/** An address, and since when it was somebody's, in Unix seconds. */
export interface PastAddress {
  readonly time: number
  readonly email: string | null
}

/** The same as files tell it: one address after another, and at last the one of now. Nobody has one before they are there. */
export function pastAddresses(shopper: Shopper, nowSeconds: number): PastAddress[] {
  const { createdAt, email } = shopper.person
  const changes = addressChanges(shopper)
    .map(({ hoursAgo, from, to }) => ({ time: nowSeconds - hoursAgo * hour, from, to }))
    .filter(({ time }) => time > createdAt + hour)
    .toSorted((one, other) => one.time - other.time)
  const [first, last] = [changes[0], changes.at(-1)]
  if (first === undefined || last === undefined) return []
  return [
    { time: first.time - 60, email: first.from },
    ...changes.map(({ time, to }) => ({ time, email: to })),
    { time: last.time + 60, email },
  ]
}
