import { slackDays } from '../core/baseline.ts'
import type { Side, SideRule } from '../core/comparison.ts'

export interface Differences {
  /** Why no rule can be held against itself; null where the runs saw alike. */
  readonly all: string | null
  readonly notices: readonly string[]
}

/** What a run looked at. */
export interface Outlook extends Pick<Side, 'vantage' | 'journeys'> {
  /** Rules that `--rule` or `--skip-rule` left out, and all that it knew. */
  readonly leftOut: readonly string[]
  readonly rules: readonly string[]
}

/** Only of two such runs the later says how things went on. A rule that one of them did not know yet makes no difference. */
export function lookAlike(before: Outlook, after: Outlook): boolean {
  const common = new Set(before.rules).intersection(new Set(after.rules))
  const left = ({ leftOut }: Outlook): ReadonlySet<string> => new Set(leftOut).intersection(common)
  return (
    !sourcesDiffer(before, after) &&
    !windowsDiffer(before, after) &&
    before.vantage.sampled === after.vantage.sampled &&
    before.journeys.join() === after.journeys.join() &&
    left(before).symmetricDifference(left(after)).size === 0
  )
}

type Seen = Pick<Side, 'vantage'>
const sourcesDiffer = ({ vantage: before }: Seen, { vantage: after }: Seen): boolean =>
  before.sources.join() !== after.sources.join()
const windowsDiffer = ({ vantage: before }: Seen, { vantage: after }: Seen): boolean =>
  Math.abs(before.days - after.days) > slackDays

/** How two runs differ as a whole. */
export function differences(before: Side, after: Side): Differences {
  const sources = sourcesDiffer(before, after)
  const days = windowsDiffer(before, after)
  const sampled = before.vantage.sampled || after.vantage.sampled
  const notices = [
    ...(sources
      ? [`The sources differ: ${list(before.vantage.sources)}, then ${list(after.vantage.sources)}.`]
      : []),
    ...(days ? [`The windows differ: ${before.vantage.days} days, then ${after.vantage.days}.`] : []),
    ...(sampled ? ['One of the runs read a sample of the people only.'] : []),
    ...(plansDiffer(before, after) ? [`The plans differ: ${planOf(before)}, then ${planOf(after)}.`] : []),
    ...(before.tool === after.tool
      ? []
      : [
          `The programs differ: cio-audit ${before.tool}, then ${after.tool}; what people and events are taken for may differ too.`,
        ]),
    ...(before.journeys.join() === after.journeys.join()
      ? []
      : [`The verdicts are about different things: ${scopeOf(before)}, then ${scopeOf(after)}.`]),
    ...(before.asOf > after.asOf ? ['The first run is the younger one.'] : []),
  ]
  const all = sources ? 'other sources' : days ? 'another window' : sampled ? 'a sample of the people' : null
  return { all, notices }
}

/** Why the findings of one rule cannot be held against each other, or null. */
export function ruleDifference(rule: string, before: Side, after: Side): string | null {
  const [old, now] = [before.rules.get(rule), after.rules.get(rule)]
  if (old === undefined || now === undefined)
    return `only the ${old === undefined ? 'second' : 'first'} run has the rule`
  for (const [side, name] of [
    [old, 'first'],
    [now, 'second'],
  ] as const)
    if (!isJudged(side)) return `${side.status} in the ${name} run`
  if (old.version !== null && now.version !== null)
    return old.version === now.version ? null : 'another version of the rule, other options or another plan'
  return plansDiffer(before, after) && !isFreeOfPlan(rule) ? 'another plan' : null
}

const isJudged = ({ status }: SideRule): boolean => status === 'pass' || status === 'fail'

/** Who somebody is does not hang on the plan. */
const isFreeOfPlan = (rule: string): boolean => rule.startsWith('identity/') || rule.startsWith('devices/')

const plansDiffer = (before: Side, after: Side): boolean =>
  before.plan.version !== after.plan.version || before.plan.origin !== after.plan.origin

const planOf = ({ plan }: Side): string =>
  plan.origin === 'built-in' ? 'the built-in plan' : `${plan.origin} ${plan.version}`

const list = (sources: readonly string[]): string => sources.join(' and ') || 'none'

const scopeOf = ({ journeys }: Side): string =>
  journeys.length === 0
    ? 'the workspace'
    : `${journeys.length === 1 ? 'journey' : 'journeys'} ${journeys.join(', ')}`
