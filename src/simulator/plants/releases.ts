import type { EventDraft, Mark } from '../population/stage.ts'
import type { Platform, Variant } from '../types.ts'
import { Quota } from './quota.ts'

const hourMs = 3_600_000

/** A property that something went wrong with, and who is to be named for it: nobody where it happens to all alike. */
export interface BadRelease {
  readonly rule: 'events/missing-property' | 'events/wrong-type'
  readonly event: string
  readonly path: string
  readonly suspect: { readonly platform: Platform; readonly version: string } | null
  readonly daysAgo: number
  /** Of the events of the suspect from then on, by the country of the person. */
  share(country: string): number
  spoil(data: Record<string, unknown>): void
}

/** What the broken shop released. No other case spoils these properties. */
export const badReleases: readonly BadRelease[] = [
  {
    rule: 'events/missing-property',
    event: 'search_performed',
    path: 'query',
    suspect: { platform: 'ios', version: '3.2.0' },
    daysAgo: 16,
    share: () => 1,
    spoil: (data) => (data['query'] = ''),
  },
  // Rolled out in one country first: the country is not to blame, and the release is.
  {
    rule: 'events/wrong-type',
    event: 'product_viewed',
    path: 'category',
    suspect: { platform: 'android', version: '3.1.0' },
    daysAgo: 15,
    share: (country) => (country === 'US' ? 1 : 0.4),
    spoil: (data) => (data['category'] = [data['category']]),
  },
  {
    rule: 'events/wrong-type',
    event: 'search_performed',
    path: 'results',
    suspect: null,
    daysAgo: 28,
    share: () => 0.06,
    spoil: (data) => (data['results'] = String(data['results'])),
  },
]

/** Releases come out on the hour. */
export const releasedAt = ({ daysAgo }: BadRelease, nowMs: number): number =>
  Math.floor(nowMs / hourMs) * hourMs - daysAgo * 24 * hourMs

/** Spoils what bad releases send. The shares are met without chance, so that nothing else is moved. */
export function releaseSpoiler(variant: Variant, nowMs: number): (draft: EventDraft) => void {
  if (variant !== 'broken') return () => undefined
  const quotas = new Map<string, Quota>()
  const next = (key: string, share: number): boolean => {
    const quota = quotas.get(key) ?? new Quota(share, 0.5)
    quotas.set(key, quota)
    return quota.next()
  }
  return (draft) => {
    const country = draft.shopper.person.attributes['country'] ?? ''
    for (const [turn, release] of badReleases.entries()) {
      if (draft.name !== release.event || draft.timeMs < releasedAt(release, nowMs)) continue
      if (!isSentBy(draft, release)) continue
      const share = release.share(country)
      if (!next(`${turn} ${share}`, share)) continue
      draft.data = structuredClone(draft.data)
      release.spoil(draft.data)
      const mark: Mark = { rule: release.rule, subject: `${release.event}.${release.path}`, plan: 'shop' }
      draft.marks = [...draft.marks, mark]
    }
  }
}

function isSentBy({ data }: EventDraft, { suspect }: BadRelease): boolean {
  return (
    suspect === null || (data['platform'] === suspect.platform && data['app_version'] === suspect.version)
  )
}
