import type { Campaign } from '../types.ts'
import type { Workspace } from './workspace.ts'

const day = 86_400

/** Seconds of a step, by `resolution`. */
export const steps: Readonly<Record<string, number>> = {
  hourly: 3_600,
  daily: day,
  weekly: 7 * day,
  monthly: 30 * day,
}

/** Weekends are busier: the rhythm of the months before the activity log begins. */
const weekday = [1.2, 0.9, 0.9, 0.9, 1, 1.1, 1.3] as const

/**
 * Journeys that started in each step: where the log reaches, as many as there were trigger events; before it, the
 * usual number with the rhythm of the week. One value for each step, and the same steps for every state.
 */
export function journeyMetrics(
  workspace: Workspace,
  campaign: Campaign,
  from: number,
  to: number,
  step: number,
): Record<string, number[]> {
  const length = Math.ceil((to - from) / step)
  const exact = Array.from({ length }, () => 0)
  const logBegins = addTriggers(workspace, campaign, { from, to, step }, exact)
  if (campaign.state !== 'draft') {
    for (let index = 0; index < length; index += 1) {
      const begins = Math.max(from + index * step, campaign.createdAt)
      const ends = Math.min(from + (index + 1) * step, to, logBegins)
      for (let time = begins; time < ends; time += day) {
        const part = Math.min(day, ends - time) / day
        const rhythm = weekday[new Date(time * 1000).getUTCDay()] ?? 1
        exact[index] = (exact[index] ?? 0) + campaign.usualStarts * rhythm * part
      }
    }
  }
  const started = exact.map(Math.round)
  const share = (of: number): number[] => started.map((count) => Math.floor(count * of))
  return {
    started,
    activated: share(0.9),
    messaged: share(0.7),
    converted: share(0.12),
    exited_early: share(0.2),
    finished: share(0.6),
  }
}

/** Adds the trigger events of the log; returns the time at which the log begins. */
function addTriggers(
  workspace: Workspace,
  { trigger, state }: Campaign,
  { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
  counts: number[],
): number {
  const log = workspace.population.activities
  // A phone whose clock runs ahead is not where the log ends.
  const newest = log.positions(undefined, undefined).findLast((position) => log.timeAt(position) <= to)
  const logBegins = (newest === undefined ? from : log.timeAt(newest)) - 28 * day
  if (!('event' in trigger) || state !== 'running') return logBegins
  for (const position of log.positions('event', trigger.event)) {
    const time = log.timeAt(position)
    const index = Math.floor((time - from) / step)
    if (time >= logBegins && index >= 0 && index < counts.length) counts[index] = (counts[index] ?? 0) + 1
  }
  return logBegins
}
