import type { MergeSide, MergeSuggestion, MovedDevice } from '../core/merge.ts'
import type { Database, Row } from '../engine/database.ts'
import { jsonRows } from '../engine/json-rows.ts'
import { raw } from '../engine/sql.ts'

/** Every merge that the clusters suggest, by person. What could not be read to the end is never `safe` to merge. */
export async function* mergesOf(session: Database): AsyncIterable<readonly MergeSuggestion[]> {
  for await (const rows of jsonRows(session, query)) yield rows.map(suggestionOf)
}

const query = raw(`
  with moved as (
    select secondary, list({'token': token, 'platform': platform, 'last_used': epoch(last_used)::bigint::varchar, 'attributes': attributes}
      order by token) as devices
    from merge_device group by secondary
  ), unread as (
    select count(*) > 0 as some from unmet_need where need in ('people', 'attributes', 'planned-events')
  )
  select s.*, case when u.some then list_append(s.review, 'unread') else s.review end as doubts, coalesce(m.devices, []) as devices
  from merge_suggestion s cross join unread u left join moved m using (secondary)
  order by s."primary", s.place`)

function suggestionOf(row: Row): MergeSuggestion {
  const review = row['doubts'] as string[]
  return {
    primary: side(row, 'primary'),
    secondary: side(row, 'secondary'),
    safety: review.length === 0 ? 'safe' : 'review',
    joinedBy: String(row['joined_by']),
    keptBecause: String(row['kept_because']),
    review,
    conflicts: row['conflicts'] as string[],
    devices: (row['devices'] as unknown as Row[]).map(deviceOf),
  }
}

/** Files that know no `cio_id` name people by `id:…` (contracts, section 5). */
function side(row: Row, name: 'primary' | 'secondary'): MergeSide {
  const cioId = String(row[name])
  const id = row[`${name}_id`] as string | null
  const isById = cioId.startsWith('id:') && id !== null
  return {
    cio_id: isById ? '' : cioId,
    id,
    email: row[`${name}_email`] as string | null,
    identity: isById ? { id } : { cio_id: cioId },
  }
}

function deviceOf(device: Row): MovedDevice {
  const attributes: unknown = JSON.parse(String(device['attributes'] ?? '{}'))
  const said = Object.entries((attributes ?? {}) as Record<string, unknown>)
  return {
    token: String(device['token']),
    platform: device['platform'] as string | null,
    lastUsed: device['last_used'] === null ? null : Number(device['last_used']),
    // What begins with an underscore is Customer.io's own, and the token has a place of its own.
    attributes: Object.fromEntries(said.filter(isOwn).map(asSent)),
  }
}

/** The App API reads everything as text; a device's `push_enabled` is written as true or false. */
const asSent = ([name, value]: [string, string | number | boolean]): [string, string | number | boolean] =>
  name === 'push_enabled' && (value === 'true' || value === 'false')
    ? [name, value === 'true']
    : [name, value]

const isOwn = (entry: [string, unknown]): entry is [string, string | number | boolean] =>
  !entry[0].startsWith('_') &&
  entry[0] !== 'token' &&
  ['string', 'number', 'boolean'].includes(typeof entry[1])
