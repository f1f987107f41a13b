import type { Cell, Row } from '../../engine/database.ts'
import type { PersonFacts } from '../../model/person-facts.ts'
import { step, text, type Detail, type Search, type Spelling, type Step } from './links.ts'

export function journeyStep(
  { journeys, areJourneysRead, audience }: PersonFacts,
  { segments, isSegmentsUnread = false }: Search,
  spell: Spelling,
): Step {
  if (journeys.length === 0)
    return step(
      'journeys',
      'none',
      areJourneysRead
        ? 'no journey is running'
        : 'not known: only the App API tells them, and here it did not',
    )
  const details = journeys.map((journey): Detail => {
    const title = `${spell.text(text(journey['name']))} (${text(journey['id'])})`
    const { picks, why } = startOf(journey, segments, spell, isSegmentsUnread)
    if (picks === false) return { mark: 'none', text: `${title}: no, ${why}` }
    if (picks === null) return { mark: 'none', text: `${title}: not known, ${why}` }
    const filter = filterOf(journey, segments)
    if (filter !== '') return { mark: 'none', text: `${title}: ${why}; ${filter}` }
    const reach =
      journey['has_push'] !== true
        ? ''
        : audience['permission'] === 'in' && audience['best_device'] === 'deliverable'
          ? '; its push can arrive'
          : '; its push cannot arrive'
    return { mark: reach.endsWith('cannot arrive') ? 'warn' : 'ok', text: `${title}: yes, ${why}${reach}` }
  })
  const picked = details.filter(({ mark }) => mark !== 'none').length
  return step(
    'journeys',
    picked > 0 ? 'ok' : 'none',
    `${picked} of ${journeys.length} running journeys would pick this person up`,
    details,
  )
}

interface Start {
  /** Null where no source tells. */
  readonly picks: boolean | null
  readonly why: string
}

function startOf(
  journey: Row,
  segments: Search['segments'],
  spell: Spelling,
  isSegmentsUnread: boolean,
): Start {
  if (journey['event_name'] != null) {
    const name = spell.text(text(journey['event_name']))
    return journey['last_at'] == null
      ? { picks: false, why: `${name} was not sent in the window` }
      : { picks: true, why: `${name} was sent last at ${text(journey['last_at'])}` }
  }
  if (journey['date_attribute'] != null) {
    const name = spell.text(text(journey['date_attribute']))
    return journey['has_date'] === true
      ? { picks: true, why: `${name} is there` }
      : { picks: false, why: `${name} is missing` }
  }
  const ids = idsOf(journey['trigger_segments'])
  if (ids.length === 0) return { picks: null, why: 'what starts it is not told' }
  if (segments === null)
    return {
      picks: null,
      why: isSegmentsUnread
        ? 'who is in a segment could not be read'
        : 'a snapshot does not hold who is in a segment; ask without --offline',
    }
  const missing = ids.filter((id) => !segments.has(id))
  return missing.length === 0
    ? {
        picks: true,
        why: `in segment ${ids.map((id) => spell.text(segments.get(id) ?? String(id))).join(', ')}`,
      }
    : { picks: false, why: `not in segment ${missing.join(', ')}` }
}

function filterOf(journey: Row, segments: Search['segments']): string {
  const ids = idsOf(journey['filter_segments'])
  if (ids.length === 0) return ''
  if (segments === null) return 'whether the filter lets this person in is not known'
  const missing = ids.filter((id) => !segments.has(id))
  return missing.length === 0 ? '' : `and yet no: its filter asks for segment ${missing.join(', ')}`
}

function idsOf(cell: Cell | undefined): number[] {
  if (cell == null) return []
  const value = JSON.parse(String(cell)) as unknown
  return Array.isArray(value) ? value.map(Number).filter(Number.isSafeInteger) : []
}
