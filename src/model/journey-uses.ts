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
    raw("select id, name, event_name, date_attribute from campaign where state = 'running' order by id"),
  )
  const messages = await db.rows(
    raw(`select a.campaign_id, coalesce(a.subject, '') || ' ' || coalesce(a.body, '') as text from campaign_action a
      join campaign c on c.id = a.campaign_id where c.state = 'running' and (a.subject is not null or a.body is not null)`),
  )
  const texts = Map.groupBy(messages, (row) => Number(row['campaign_id']))
  return campaigns.map((row) => {
    const id = Number(row['id'])
    const all = (texts.get(id) ?? []).map(({ text }) => String(text)).join('\n')
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
