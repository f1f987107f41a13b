import type { FactBook } from '../facts.ts'
import type { EventDraft } from '../population/stage.ts'
import type { Random } from '../random.ts'

/** A copy of an event: when it comes, and what is different about it. */
interface Copy {
  /** Milliseconds after the event; 0 for the same millisecond, which is the same time in whatever precision. */
  readonly after: readonly [number, number]
  readonly change?: (data: Record<string, unknown>, random: Random) => Record<string, unknown>
}

export interface DuplicateCase {
  readonly copies: readonly Copy[]
  /** What follows: the same key twice, the same payload at one time, or a few seconds apart (told, not failed). */
  readonly key: boolean
  readonly burst: 'certain' | 'likely' | null
}

const sameTime = [0, 0] as const
const newKey = (data: Record<string, unknown>, random: Random): Record<string, unknown> => ({
  ...data,
  event_id: random.uuid(),
})
const withoutKey = (data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'event_id'))
const otherOrder = (data: Record<string, unknown>, random: Random): Record<string, unknown> =>
  Object.fromEntries(Object.entries(newKey(data, random)).toReversed())
const otherVersion = (data: Record<string, unknown>): Record<string, unknown> => ({
  ...data,
  app_version: '3.2.1',
})

/** The same key more than once on one person. */
export const keyCases: readonly DuplicateCase[] = [
  { copies: [{ after: [12_000, 90_000] }], key: true, burst: null },
  { copies: [{ after: [1_200_000, 3_000_000] }], key: true, burst: null },
  { copies: [{ after: sameTime }], key: true, burst: 'certain' },
  { copies: [{ after: [20_000, 60_000], change: otherVersion }], key: true, burst: null },
  { copies: [{ after: [15_000, 30_000] }, { after: [45_000, 90_000] }], key: true, burst: null },
  { copies: [{ after: [2_000, 7_000] }], key: true, burst: 'likely' },
]

/** The same payload at the same time: sent twice, whatever the keys say. */
export const burstCases: readonly DuplicateCase[] = [
  { copies: [{ after: sameTime, change: newKey }], key: false, burst: 'certain' },
  { copies: [{ after: sameTime, change: withoutKey }], key: false, burst: 'certain' },
  { copies: [{ after: sameTime, change: otherOrder }], key: false, burst: 'certain' },
  {
    copies: [
      { after: sameTime, change: newKey },
      { after: sameTime, change: newKey },
    ],
    key: false,
    burst: 'certain',
  },
  { copies: [{ after: sameTime }], key: true, burst: 'certain' },
]

/** Two taps on "+": two keys, the same payload, some seconds apart. */
export const doubleTap: DuplicateCase = {
  copies: [{ after: [2_000, 8_000], change: newKey }],
  key: false,
  burst: 'likely',
}

/** The drafts that follow an event in a case. */
export function copiesOf(draft: EventDraft, { copies }: DuplicateCase, random: Random): EventDraft[] {
  return copies.map(({ after: [min, max], change }) => ({
    ...draft,
    timeMs: draft.timeMs + random.int(min, max),
    data: change === undefined ? draft.data : change(draft.data, random),
  }))
}

/** Cart, checkout and purchase are critical in both plans; the built-in one holds no step and no product view to that. */
export const criticalInBoth: ReadonlySet<string> = new Set(['cart_updated', 'checkout_started', 'purchase'])

export function noteDuplicates(
  facts: FactBook,
  name: string,
  { key, burst }: DuplicateCase,
  ids: readonly string[],
): void {
  const surplus = ids.length - 1
  if (key) facts.add('events/duplicate-key', name, ids, { surplus })
  if (burst === null) return
  const likely = burst === 'likely'
  if (likely || criticalInBoth.has(name)) {
    facts.add('events/duplicate-burst', name, ids, { surplus, informative: likely, likely })
    return
  }
  facts.add('events/duplicate-burst', name, ids, { surplus, plan: 'shop' })
  facts.add('events/duplicate-burst', name, ids, { surplus, plan: 'built-in', informative: true })
}
