import { pastAddresses } from '../../plants/address-changes.ts'
import type { Shopper } from '../../population/shopper.ts'
import type { Person } from '../../types.ts'
import type { Contexts } from './contexts.ts'
import { spokenOf } from './device-calls.ts'
import type { Planned } from './planned.ts'
import { senderOf } from './senders.ts'

type Traits = Record<string, string | number | boolean | null>

/** Attributes that the app and the order system send as numbers and booleans; whatever reads otherwise was spoilt. */
const natives: Readonly<Record<string, RegExp>> = {
  orders_count: /^\d+$/,
  lifetime_value: /^\d+\.\d\d$/,
  last_purchase_at: /^\d{10}$/,
  push_opt_in: /^(true|false)$/,
  loyalty_member: /^(true|false)$/,
}

function traitOf(name: string, text: string | null): Traits[string] {
  if (text === null || natives[name]?.test(text) !== true) return text
  return text === 'true' || text === 'false' ? text === 'true' : Number(text)
}

/** When an attribute was set later than the person was created. */
const laterTime = ({ attributeTimes, createdAt }: Person, name: string): number | null => {
  const time = attributeTimes[name]
  return time !== undefined && time > createdAt ? time : null
}

export function contactsOf({ email, phone }: Person): Traits {
  return { ...(email === null ? {} : { email }), ...(phone === null ? {} : { phone }) }
}

function firstTraits(person: Person): Traits {
  const traits: Traits = { ...contactsOf(person), created_at: person.createdAt }
  for (const [name, text] of Object.entries(person.attributes)) {
    if (laterTime(person, name) === null) traits[name] = traitOf(name, text)
  }
  if (person.unsubscribed) traits['unsubscribed'] = true
  return traits
}

/** A device that was used before its person was created (an import) tells that they were known before: never after it. */
function firstMs(person: Person): number {
  const used = person.devices.map((device) => spokenOf(person, device) * 1000 - 5_000)
  return Math.min(person.createdAt * 1000, ...used)
}

/** One call when somebody is created, and one for each attribute and address that changed after that. */
export function planIdentifies(shopper: Shopper, contexts: Contexts, nowMs: number): Planned[] {
  const { person } = shopper
  const identify = (timeMs: number, traits: () => Traits): Planned => ({
    timeMs,
    make: () => ({
      type: 'identifies',
      timeMs,
      ...senderOf(shopper),
      body: JSON.stringify(traits()),
      context: contexts.withoutToken(shopper, 'account'),
      mobile: false,
    }),
  })
  const later = Object.keys(person.attributes).flatMap((name) => {
    const time = laterTime(person, name)
    const traits = (): Traits => ({ [name]: traitOf(name, person.attributes[name] ?? null) })
    return time === null ? [] : [identify(time * 1000, traits)]
  })
  // Who has no id is named by the address itself: another one would be another person.
  const past = person.id ? pastAddresses(shopper, nowMs / 1000) : []
  const addresses = past.map(({ time, email }) => identify(time * 1000, () => ({ email })))
  return [identify(firstMs(person), () => firstTraits(person)), ...later, ...addresses]
}
