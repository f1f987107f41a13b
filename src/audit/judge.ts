import { counted } from '../core/counted.ts'
import type { RuleResult } from '../core/report.ts'
import type { Settings, Severity, Threshold } from '../core/settings.ts'
import type { Interval } from './interval.ts'
import type { RuleMeta } from './rule.ts'

/** Limits in force for a rule: its own, changed by the config. */
export interface Policy {
  readonly severity: Severity
  /** The config says how severe the rule is: then no finding raises it. */
  readonly settled: boolean
  /** The rule has no limit of its own and the config sets one: then what else only informs counts. */
  readonly gated: boolean
  readonly threshold: Threshold
  readonly minPopulation: number
  readonly minAffected: number
}

export function policyOf(meta: RuleMeta, settings: Settings): Policy {
  const own = settings.rules[meta.id]
  // A limit in the config replaces the rule's own limits as a whole, so that `maxCount: 0` is not softened by a rate.
  const configured = own !== undefined && (own.maxRate !== undefined || own.maxCount !== undefined)
  const threshold: Threshold = configured
    ? {
        ...(own.maxRate === undefined ? {} : { maxRate: own.maxRate }),
        ...(own.maxCount === undefined ? {} : { maxCount: own.maxCount }),
      }
    : meta.threshold
  return {
    severity: own?.severity ?? meta.severity,
    settled: own?.severity !== undefined,
    gated: configured && meta.threshold.maxRate === undefined && meta.threshold.maxCount === undefined,
    threshold,
    minPopulation: own?.minPopulation ?? settings.defaults.minPopulation,
    minAffected: own?.minAffected ?? settings.defaults.minAffected,
  }
}

/** What the runner counted: of all findings that are neither informative, waived nor known. */
export interface Tally {
  readonly population: number
  readonly affected: number
  /** For rules that are measured by finding. */
  readonly measured: readonly {
    readonly label: string
    readonly affected: number
    readonly population: number
    readonly severity: Severity
  }[]
  /** How many findings there are beside those that count. */
  readonly uncounted?: Readonly<Record<'known' | 'waived' | 'informative', number>>
}

export interface Judgement {
  readonly status: RuleResult['status']
  readonly reason: string
  readonly rate: number | null
  /** Of a sample: where the rate of everybody lies. */
  readonly interval?: Interval
  /** Of the finding that made it fail, where that is worse than the rule's own. */
  readonly severity?: Severity
}

/** Status of a rule on data that could be read in full. */
export function judge(meta: RuleMeta, policy: Policy, tally: Tally): Judgement {
  if (tally.population === 0 && tally.affected === 0) {
    return { status: 'skipped', reason: `there are no ${meta.unit}`, rate: null }
  }
  const { maxCount } = policy.threshold
  const { worst, tooFew } = meta.measuredBy === 'finding' ? byFinding(policy, tally) : byRule(policy, tally)
  const rate = worst === null ? null : worst.rate
  if (maxCount !== undefined && tally.affected > maxCount) {
    return { status: 'fail', reason: `${tally.affected} ${meta.unit}, allowed ${maxCount}`, rate }
  }
  if (worst?.fails)
    return {
      status: 'fail',
      reason: `${worst.words(meta)}, allowed ${percent(policy.threshold.maxRate ?? 0)}`,
      rate,
      ...(worst.severity === undefined ? {} : { severity: worst.severity }),
    }
  if (tooFew !== null) return { status: 'inconclusive', reason: tooFew, rate }
  if (tally.affected === 0) return { status: 'pass', reason: noneOf(meta, tally), rate: rate ?? 0 }
  return {
    status: 'pass',
    reason: worst === null ? `${tally.affected} ${meta.unit}` : worst.words(meta),
    rate,
  }
}

/** "none of 45 profiles" beside a list of known findings would be taken for a contradiction. */
function noneOf({ unit }: RuleMeta, { population, uncounted }: Tally): string {
  const { known = 0, waived = 0, informative = 0 } = uncounted ?? {}
  const total = known + waived + informative
  if (total === 0) return `none of ${population} ${unit}`
  const kinds = [
    ...(known > 0 ? [`${known} known`] : []),
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(informative > 0 ? [`${informative} for information`] : []),
  ]
  const none = informative > 0 ? 'none that counts' : 'no new ones'
  return `${none} among ${population} ${unit} (${counted(total, 'finding')}: ${kinds.join(', ')})`
}

interface Measure {
  readonly rate: number
  readonly fails: boolean
  readonly severity?: Severity
  readonly words: (meta: RuleMeta) => string
}

interface Measured {
  readonly worst: Measure | null
  readonly tooFew: string | null
}

function byRule(policy: Policy, tally: Tally): Measured {
  const { maxRate } = policy.threshold
  const few = maxRate !== undefined && tally.population < policy.minPopulation
  const tooFew = few
    ? `only ${counted(tally.population, 'record')}, ${policy.minPopulation} are needed to judge a rate`
    : null
  // Findings may be among others than those over whom the rate is taken.
  if (tally.population === 0) return { worst: null, tooFew }
  const rate = tally.affected / tally.population
  return {
    worst: {
      rate,
      fails: !few && exceeds(policy, tally.affected, rate),
      words: (meta) => `${percent(rate, maxRate)} of ${meta.unit}`,
    },
    tooFew,
  }
}

function byFinding(policy: Policy, tally: Tally): Measured {
  const { maxRate } = policy.threshold
  // In an order of their own, for that in which they were found is not the same in every run.
  const ranked = tally.measured
    .map((finding) => ({
      ...finding,
      rate: finding.population === 0 ? 0 : finding.affected / finding.population,
    }))
    .toSorted((a, b) => b.rate - a.rate || (a.label < b.label ? -1 : 1))
  const measures = ranked.filter((finding) => finding.population >= policy.minPopulation)
  const over = measures.filter((finding) => exceeds(policy, finding.affected, finding.rate))
  const failing = over.find(({ severity }) => severity === 'error') ?? over[0]
  const top = failing ?? measures[0]
  const small = ranked.find(
    (finding) =>
      finding.population < policy.minPopulation &&
      maxRate !== undefined &&
      finding.affected >= policy.minAffected &&
      finding.affected > maxRate * finding.population,
  )
  const few = maxRate !== undefined && tally.population < policy.minPopulation
  return {
    worst: top
      ? {
          rate: top.rate,
          fails: failing !== undefined,
          severity: top.severity,
          words: () => `${percent(top.rate, maxRate)} of ${top.label}`,
        }
      : null,
    tooFew: small
      ? `only ${small.population} ${small.label}, ${policy.minPopulation} are needed to judge a rate`
      : few
        ? `only ${counted(tally.population, 'record')}, ${policy.minPopulation} are needed to judge a rate`
        : null,
  }
}

function exceeds(policy: Policy, affected: number, rate: number): boolean {
  const { maxRate } = policy.threshold
  return maxRate !== undefined && rate > maxRate && affected >= policy.minAffected
}

const mostDigits = 6

/**
 * `1.2 %`, with as many digits as small rates need.
 *
 * @param limit - where the rate is told beside one: "10 %, allowed 10 %" would explain nothing, so it is `10.3 %` then.
 */
export function percent(rate: number, limit?: number): string {
  const value = rate * 100
  let digits = value === 0 || value >= 10 ? 0 : value >= 0.1 ? 1 : 2
  if (limit !== undefined && rate !== limit) {
    while (digits < mostDigits && value.toFixed(digits) === (limit * 100).toFixed(digits)) digits += 1
  }
  const text = value.toFixed(digits)
  return `${value > 0 && Number(text) === 0 ? '< 0.01' : text} %`
}
