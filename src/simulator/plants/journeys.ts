import { deadTrigger, emptySegment, everyone, hollow, journeyCases } from './journey-cases.ts'
import type { FactBook } from '../facts.ts'
import { noteHoles } from './holes.ts'
import type { Campaign, CampaignAction, Person, Population, Segment, Variant } from '../types.ts'

const day = 86_400
export function hollowSegments(createdAt: number): Segment[] {
  const nobody = { createdAt, holds: () => false } as const
  return [
    {
      id: hollow.rule,
      name: 'Opted in (old attribute)',
      description: '',
      type: 'dynamic',
      state: 'finished',
      ...nobody,
    },
    { id: hollow.list, name: 'VIP list', description: '', type: 'manual', state: 'finished', ...nobody },
    { id: hollow.unbuilt, name: 'Did a thing', description: '', type: 'dynamic', state: 'events', ...nobody },
  ]
}

export function plantedCampaigns(now: number): Campaign[] {
  return journeyCases.map(
    ({
      id,
      name,
      trigger,
      state = 'running',
      filters = [everyone],
      channel = 'email',
      usualStarts = 0,
      body,
    }) => ({
      id,
      name,
      state,
      trigger,
      filterSegments: 'segments' in trigger ? [] : filters,
      actions: [messageOf(id, channel, body)],
      createdAt: now - 300 * day,
      usualStarts,
    }),
  )
}

const greeting = 'Hi {{customer.first_name | default: "there"}}'

const messageOf = (id: number, channel: 'push' | 'email', body = greeting): CampaignAction => ({
  id: id * 10,
  type: channel,
  name: 'Message',
  subject: 'Northwind',
  body,
})

/** What is true of the journeys once everybody has done what they do. */
export function noteJourneys(
  facts: FactBook,
  variant: Variant,
  { campaigns, activities, people }: Pick<Population, 'campaigns' | 'activities' | 'people'>,
  nowMs: number,
): void {
  if (variant === 'sterile') return
  // The zombie of every shop.
  facts.add(deadTrigger, '12', [], { informative: true })
  if (variant !== 'broken') return
  // Its segment is built on an app version that is gone.
  facts.add(emptySegment, '13', [])
  for (const { id, rules = [], informative = false } of journeyCases)
    for (const rule of rules) facts.add(rule, String(id), [], { informative })
  noteHoles(facts, { activities, people }, nowMs)
  for (const { id, state, trigger } of campaigns) {
    if (state !== 'running') continue
    if (
      'event' in trigger &&
      isCopied(facts, trigger.event, activities.positions('event', trigger.event).length)
    )
      facts.add('journeys/unguarded-trigger', String(id), [])
    if ('dateAttribute' in trigger && isMisdated(people, trigger.dateAttribute))
      facts.add('journeys/unusable-date', String(id), [])
  }
}

/** Surplus copies that were planted on one event, of both kinds. */
function isCopied(facts: FactBook, event: string, events: number): boolean {
  const surplus = facts
    .pages()
    .filter(({ rule, subject, likely }) => copyRules.has(rule) && subject === event && !likely)
    .map((page) => page.surplus)
  const most = Math.max(0, ...surplus)
  return most >= 3 && most > events * 0.005
}

const copyRules: ReadonlySet<string> = new Set(['events/duplicate-key', 'events/duplicate-burst'])

/** More than one value in a hundred does not read as seconds since 1970. */
function isMisdated(people: readonly Person[], attribute: string): boolean {
  const values = people
    .filter(({ deleted }) => !deleted)
    .map(({ attributes }) => (attributes[attribute] ?? '').trim())
    .filter((value) => value !== '')
  const wrong = values.filter((value) => !/^\d{9,10}$/.test(value)).length
  return values.length > 0 && wrong > values.length * 0.01
}
