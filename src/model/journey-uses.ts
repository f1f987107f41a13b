import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

/** What a running journey reads: the event that starts it, and what its messages show. */
export interface JourneyUse {
  readonly id: number
  readonly name: string
  readonly event: string | null
  readonly attributes: ReadonlySet<string>
  readonly properties: ReadonlySet<string>
}

/** From the snapshot itself; journeys are hundreds at most. */
export async function journeyUses(db: Database): Promise<JourneyUse[]> {
  const campaigns = await db.rows(
    raw(`
    select c.id, c.name, c.event_name, c.date_attribute, string_agg(concat_ws(' ', a.subject, a.body), ' ') as text
    from campaign c left join campaign_action a on a.campaign_id = c.id where c.state = 'running' group by all order by c.id`),
  )
  return campaigns.map((row) => {
    const id = Number(row['id'])
    const all = String(row['text'])
    const date = row['date_attribute']
    return {
      id,
      name: String(row['name'] ?? `journey ${id}`),
      event: row['event_name'] === null ? null : String(row['event_name']),
      attributes: new Set([...variables(all, 'customer'), ...(date === null ? [] : [String(date)])]),
      properties: variables(all, 'event'),
    }
  })
}

/** `{{event.cart_value}}`, `{% for item in event.items %}`, `{{ customer["First Name"] }}`. */
function variables(text: string, of: 'customer' | 'event'): Set<string> {
  const found = new Set<string>()
  for (const [, tag = ''] of text.matchAll(/\{[{%]([^{}]{0,500})[}%]\}/g)) {
    for (const [, plain, quoted] of tag.matchAll(
      new RegExp(`(?<![\\w.])${of}(?:\\.([\\p{L}\\p{N}_-]+)|\\[\\s*["']([^"']+)["']\\s*\\])`, 'gu'),
    ))
      found.add(plain ?? quoted ?? '')
  }
  return found
}
