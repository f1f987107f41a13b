import type { AuditReport, Finding } from '../../core/report.ts'
import type { Timeline } from '../../core/timeline.ts'

export interface Onset {
  readonly day: string
  /** Step of the timeline. */
  readonly at: number
  /** The event of the timeline that it is about. */
  readonly event: string
  readonly fingerprint: string
  readonly message: string
}

/**
 * Where findings of failing rules about these events began within the window, as far as the report lists them. What was there on the first
 * two days was there before: the window only shows its edge.
 */
export function onsets({ rules }: AuditReport, { starts, stepDays, events }: Timeline): Onset[] {
  const [begin] = starts
  if (begin === undefined) return []
  const edge = Date.parse(begin) + 2 * dayMs
  const names = events.map(({ name }) => name).toSorted((one, other) => other.length - one.length)
  return rules
    .filter(({ status, severity }) => status === 'fail' && severity !== 'info')
    .flatMap(({ findings }) =>
      findings.listed.flatMap((finding): Onset[] => {
        const { firstSeen, fingerprint, message, state } = finding
        if (firstSeen === null || state === 'waived' || Date.parse(firstSeen) < edge) return []
        const at = Math.floor((Date.parse(firstSeen) - Date.parse(begin)) / dayMs / stepDays)
        const event = eventOf(finding, names)
        if (event === null || at >= starts.length) return []
        return [{ day: firstSeen.slice(0, 10), at, event, fingerprint, message }]
      }),
    )
    .toSorted((one, other) => (one.day === other.day ? 0 : one.day < other.day ? -1 : 1))
}

const dayMs = 86_400_000

/** `purchase`, `purchase.items[].price` and `old_name>purchase` are about `purchase`. The longest name that fits counts. */
function eventOf({ subject: { kind, key } }: Finding, names: readonly string[]): string | null {
  if (kind === 'event') return names.find((name) => name === key) ?? null
  if (kind === 'event-property') return names.find((name) => key.startsWith(`${name}.`)) ?? null
  if (kind === 'event-pair') return names.find((name) => key.endsWith(`>${name}`)) ?? null
  return null
}
