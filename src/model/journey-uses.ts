import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { readLiquid, type LiquidVariable } from './liquid.ts'

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
    select c.id, c.name, c.event_name, c.date_attribute, list(concat_ws(chr(10), a.subject, a.body)) as texts
    from campaign c left join campaign_action a on a.campaign_id = c.id where c.state = 'running' group by all order by c.id`),
  )
  return campaigns.map((row) => {
    const id = Number(row['id'])
    const shown = (row['texts'] as readonly string[]).flatMap(variables)
    const date = row['date_attribute']
    return {
      id,
      name: String(row['name'] ?? `journey ${id}`),
      event: row['event_name'] === null ? null : String(row['event_name']),
      attributes: new Set([
        ...shown.flatMap(({ root, name }) => (root === 'customer' ? [name] : [])),
        ...(date === null ? [] : [String(date)]),
      ]),
      properties: new Set(shown.flatMap(({ root, name }) => (root === 'customer' ? [] : [name]))),
    }
  })
}

interface Shown {
  readonly root: LiquidVariable['root']
  readonly name: string
}

/** What the message is built of; where its Liquid cannot be read, what its braces seem to name. */
function variables(text: string): Shown[] {
  const reading = readLiquid(text)
  if ('unread' in reading) return looksUsed(text)
  return reading.variables.map(({ root, path }) => ({ root, name: String(path[0]) }))
}

/** `{{event.cart_value}}`, `{% for item in event.items %}`, `{{ customer["First Name"] }}`. */
function looksUsed(text: string): Shown[] {
  return [...text.matchAll(/\{[{%]([^{}]{0,500})[}%]\}/g)].flatMap(([, tag = '']) =>
    [
      ...tag.matchAll(
        /(?<![\w.])(customer|event|trigger)(?:\.([\p{L}\p{N}_-]+)|\[\s*["']([^"']+)["']\s*\])/gu,
      ),
    ].map(([, root, plain, quoted]) => ({
      root: root as Shown['root'],
      name: plain ?? quoted ?? '',
    })),
  )
}
