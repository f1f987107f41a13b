import type { Workspace } from './workspace.ts'

/** What the Track calls share: the state, the clock, and the anonymous events that wait for their person. */
export interface Track {
  readonly workspace: Workspace
  nowSeconds(): number
  /** Writes an activity at the head of the feed. */
  note(
    type: string,
    person: number,
    data: object,
    more?: { name?: string; timestamp?: number; beside?: Record<string, unknown> },
  ): void
  keepAnonymous(anonymousId: string, event: WaitingEvent): void
  /** Attaches what waited under an anonymous id to the person who turned out to be it. */
  mergeAnonymous(person: number, anonymousId: string): void
  /** Ids of events that came before: the same ULID again is ignored. */
  readonly seenEventIds: Set<string>
}

export interface WaitingEvent {
  readonly type: string
  readonly name: string
  readonly timestamp: number
  readonly data: object
}

const mergeWindowSeconds = 30 * 86_400

export function makeTrack(workspace: Workspace, clock: () => Date): Track {
  const waiting = new Map<string, WaitingEvent[]>()
  const track: Track = {
    workspace,
    nowSeconds: () => Math.floor(clock().getTime() / 1000),
    seenEventIds: new Set(),
    note(type, person, data, { name, timestamp, beside } = {}) {
      workspace.population.activities.add({
        type,
        person,
        data,
        timeMs: timestamp === undefined ? clock().getTime() : timestamp * 1000,
        ...(name === undefined ? {} : { name }),
        ...(beside === undefined ? {} : { beside }),
      })
    },
    keepAnonymous(anonymousId, event) {
      waiting.set(anonymousId, [...(waiting.get(anonymousId) ?? []), event])
    },
    mergeAnonymous(person, anonymousId) {
      const events = waiting.get(anonymousId)
      if (events === undefined) return
      waiting.delete(anonymousId)
      const kept = events.filter(({ timestamp }) => timestamp >= track.nowSeconds() - mergeWindowSeconds)
      for (const { type, name, timestamp, data } of kept) track.note(type, person, data, { name, timestamp })
      track.note('anon_merge', person, { anonymous_id: anonymousId, merged_events: kept.length })
    },
  }
  return track
}

/** People who came by Track get ids after those of the population, in another range of the same prefix. */
export function nextCioId(workspace: Workspace): string {
  return `d9c107${workspace.people.length.toString(16).padStart(8, '0')}`
}
