import type { Person } from '../types.ts'

/** The three identifiers as every App reply spells them; phone is never among them. */
export function identifiersOf({ cioId, id, email }: Person): {
  cio_id: string
  id: string | null
  email: string | null
} {
  return { cio_id: cioId, id, email }
}

/** `customer_id` and `customer_identifiers` of an activity, as JSON text. */
export function activityIdentifiers(person: Person): string {
  return `"customer_id":${JSON.stringify(person.id)},"customer_identifiers":${JSON.stringify(identifiersOf(person))}`
}

/** A person as the attribute reads show them: every value is text, whatever was sent. */
export function profileOf(person: Person): Record<string, unknown> {
  const { cioId, id, email, phone, createdAt, attributeTimes } = person
  const attributes: Record<string, string | null> = {
    ...(id === null ? {} : { id }),
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
    cio_id: cioId,
    created_at: String(createdAt),
    ...person.attributes,
  }
  if (person.unsubscribed) attributes['unsubscribed'] = 'true'
  const timestamps: Record<string, number> = {}
  for (const name of Object.keys(attributes)) timestamps[name] = attributeTimes[name] ?? createdAt
  return {
    id,
    identifiers: identifiersOf(person),
    attributes,
    timestamps,
    unsubscribed: person.unsubscribed,
    devices: person.devices.map((device) => ({
      id: device.token,
      platform: device.platform,
      ...(device.lastUsed === null ? {} : { last_used: device.lastUsed }),
      attributes: device.attributes,
    })),
  }
}
