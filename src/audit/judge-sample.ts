import type { RuleResult } from '../core/report.ts'
import type { Interval } from './interval.ts'
import { judge, percent, type Judgement, type Policy, type Tally } from './judge.ts'
import type { RuleMeta, SampleUse } from './rule.ts'
import type { SampleView } from './sampling.ts'

/** What a finding of a rule could be about, as `parts` of the rule gives it. */
export interface Part {
  readonly label: string
  readonly population: number
  readonly event: string | null
}

interface Estimate {
  readonly label: string
  readonly affected: number
  readonly population: number
  readonly rate: number
  readonly interval: Interval
  readonly severity?: RuleResult['severity']
}

/**
 * Status of a rule where only some of the people were read. It fails where everybody would fail it, passes where
 * everybody would pass it, both with 95 % certainty, and is inconclusive otherwise.
 *
 * @param parts - what the findings could be about; null for a rule that does not say.
 */
export async function judgeSample(
  meta: RuleMeta,
  policy: Policy,
  tally: Tally,
  parts: readonly Part[] | null,
  view: SampleView,
): Promise<Judgement> {
  const { sample: use = 'never' } = meta
  const whole = judge(meta, policy, tally)
  const { maxRate, maxCount } = policy.threshold
  if (use === 'whole') return whole
  // It can fail nothing, whoever is read.
  if (maxRate === undefined && maxCount === undefined) return whole
  if (use === 'never') return open('a sample of the people does not show it', null)
  // Nothing is asked of anybody, drawn or not: the plan requires no attribute, say.
  if (tally.population === 0 && parts !== null && parts.length === 0) return whole
  if (tally.population === 0 && tally.affected === 0) return open(`no ${meta.unit} are in the sample`, null)
  if (use === 'absence') {
    return whole.status === 'pass'
      ? whole
      : open(`${whole.reason}: who is not in the sample may differ`, null)
  }
  if (maxCount !== undefined && tally.affected > maxCount) return { ...whole, rate: null }
  const estimates = await estimate(meta, tally, use === 'found' || parts === null ? [] : parts, view)
  const isOver = ({ interval: [low], affected, population }: Estimate): boolean =>
    maxRate !== undefined &&
    low > maxRate &&
    affected >= policy.minAffected &&
    population >= policy.minPopulation
  const failing = worst(
    estimates.filter(isOver),
    ({ rate, severity }) => rate + (severity === 'error' ? 1 : 0),
  )
  if (failing !== undefined) {
    return {
      status: 'fail',
      reason: `${words(failing)}, allowed ${percent(maxRate ?? 0)}`,
      rate: failing.rate,
      interval: failing.interval,
      ...(failing.severity === undefined ? {} : { severity: failing.severity }),
    }
  }
  if (use === 'found' || maxCount !== undefined)
    return open(
      `${tally.affected === 0 ? 'nothing was found' : `${tally.affected} ${meta.unit} were found`} in the sample, and who is not in it matters too`,
      null,
    )
  // A part that would be too small to be judged among everybody is too small here, too.
  const { people, of } = view.sample
  const holding = worst(
    estimates.filter(
      ({ interval: [, high], population }) =>
        high >= (maxRate ?? 0) && (population / people) * of >= policy.minPopulation,
    ),
    ({ interval: [, high] }) => high,
  )
  if (holding !== undefined) {
    return open(
      `${words(holding)}, allowed ${percent(maxRate ?? 0)}: a larger sample is needed`,
      holding.rate,
      holding.interval,
    )
  }
  const top = worst(estimates, ({ rate }) => rate)
  if (top === undefined) return open(`too few ${meta.unit} are in the sample`, null)
  return { status: 'pass', reason: words(top), rate: top.rate, interval: top.interval }
}

const open = (reason: string, rate: number | null, interval?: Interval): Judgement => ({
  status: 'inconclusive',
  reason,
  rate,
  ...(interval === undefined ? {} : { interval }),
})

/** `1.2 % of profiles in the sample (0.8 % to 1.9 % of all)`. */
function words({ rate, label, interval: [low, high] }: Estimate): string {
  return `${percent(rate)} of ${label} in the sample (of all ${percent(low)} to ${percent(high)})`
}

async function estimate(
  meta: RuleMeta,
  tally: Tally,
  parts: readonly Part[],
  view: SampleView,
): Promise<Estimate[]> {
  const use = recordsOf(meta)
  const given: readonly Omit<Estimate, 'rate' | 'interval'>[] =
    meta.measuredBy === 'rule'
      ? [{ label: meta.unit, affected: tally.affected, population: tally.population }]
      : [
          ...tally.measured,
          ...parts
            .filter(({ label }) => !tally.measured.some((finding) => isOf(finding.label, label)))
            .map(({ label, population }) => ({ label, affected: 0, population })),
        ]
  return await Promise.all(
    given.map(async (one) => {
      const event =
        meta.subject === 'event'
          ? one.label
          : (parts.find(({ label }) => isOf(one.label, label))?.event ?? null)
      return {
        ...one,
        rate: one.population === 0 ? 0 : one.affected / one.population,
        interval: await view.interval(use, event, one.affected, one.population),
      }
    }),
  )
}

/** What a person may have several of, of that which the rule counts. */
function recordsOf({ sample = 'never', subject }: RuleMeta): SampleUse {
  if (sample !== 'found') return sample
  return subject === 'device' ? 'per-device' : subject === 'event' ? 'per-event' : 'per-profile'
}

const isOf = (finding: string, part: string): boolean => finding === part || finding.startsWith(`${part}.`)

function worst(estimates: readonly Estimate[], by: (estimate: Estimate) => number): Estimate | undefined {
  return estimates.toSorted((a, b) => by(b) - by(a) || (a.label < b.label ? -1 : 1))[0]
}
