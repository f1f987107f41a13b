import type { AuditOutcome } from '../audit/index.ts'
import type { Baseline, KnownOfRule } from '../core/baseline.ts'
import type { RuleResult } from '../core/report.ts'
import { grid, heading, show, type Entry, type Page } from '../reports/grid.ts'
import { minute, number, plural } from '../reports/view.ts'

export interface Accepted {
  readonly baseline: Baseline
  /** Of rules that were judged, in the order of the report. */
  readonly lines: readonly { readonly rule: RuleResult; readonly count: number }[]
  /** Findings of the file before that are no longer there. */
  readonly dropped: number
  readonly waived: number
  /** Rules without a judgement that found something nevertheless, or of which the file before holds something. */
  readonly unjudged: readonly { readonly rule: RuleResult; readonly found: number; readonly kept: number }[]
}

/**
 * What is known from now on. A rule that could not be judged is not taken for known: what it found is not accepted, and
 * what had been accepted of it stays, because nobody can say that it is gone.
 *
 * @param mended - of the file before, what a run no longer found; where it is back it has to be accepted anew.
 */
export async function acceptFindings(
  outcome: AuditOutcome,
  before: Baseline | null,
  mended: ReadonlySet<string>,
): Promise<Accepted> {
  const { report, workspaceId, vantage, versions } = outcome
  const earlier = before?.workspaceId === workspaceId ? before : null
  const found = new Map<string, string[]>()
  for await (const chunk of outcome.findings())
    for (const { rule, fingerprint, state } of chunk) {
      if (state === 'waived') continue
      const own = found.get(rule)
      if (own === undefined) found.set(rule, [fingerprint])
      else own.push(fingerprint)
    }
  const rules: Record<string, KnownOfRule> = {}
  const unjudged: Accepted['unjudged'][number][] = []
  let dropped = 0
  for (const rule of report.rules) {
    const own = found.get(rule.rule) ?? []
    const known = earlier?.rules[rule.rule]
    // Skipped with findings: there was nobody to measure by, so what it lists only informs.
    const isJudged =
      rule.status === 'pass' || rule.status === 'fail' || (rule.status === 'skipped' && own.length > 0)
    const kept = isJudged ? [] : (known?.fingerprints ?? []).filter((print) => !mended.has(print))
    const prints = isJudged ? own : kept
    const version = isJudged ? versions.get(rule.rule) : known?.version
    if (prints.length > 0) rules[rule.rule] = { version: version ?? '', fingerprints: prints }
    if (!isJudged && own.length + kept.length > 0)
      unjudged.push({ rule, found: own.length, kept: kept.length })
    const now = new Set(prints)
    dropped += (known?.fingerprints ?? []).filter((print) => !now.has(print)).length
  }
  return {
    baseline: { asOf: report.run.asOf, workspaceId, vantage, rules },
    lines: report.rules.flatMap((rule) => {
      const count = unjudged.some((line) => line.rule === rule)
        ? 0
        : (rules[rule.rule]?.fingerprints.length ?? 0)
      return count === 0 ? [] : [{ rule, count }]
    }),
    dropped,
    waived: report.rules.reduce((sum, rule) => sum + rule.findings.waived, 0),
    unjudged,
  }
}

const severities = ['error', 'warn', 'info'] as const

/** What was accepted, by rule, the severe ones first. */
export function baselineSummary(page: Page, file: string, accepted: Accepted): string {
  const { baseline, lines, dropped, waived, unjudged } = accepted
  const total = lines.reduce((sum, { count }) => sum + count, 0)
  const bySeverity = severities.flatMap((severity) => {
    const own = lines.filter(({ rule }) => rule.severity === severity)
    return own.map(({ rule, count }): Entry => ({
      mark: number(count),
      lines: [`${show(rule.rule)} (${severity})`],
    }))
  })
  const notes: Entry[] = [
    ...(dropped > 0
      ? [
          {
            mark: '-',
            lines: [`${plural(dropped, 'finding')} of the file before taken out: no longer there.`],
          },
        ]
      : []),
    ...(waived > 0
      ? [{ mark: '-', lines: [`${plural(waived, 'waived finding')} left out: the waiver says until when.`] }]
      : []),
    ...unjudged.map(({ rule, found, kept }): Entry => ({
      mark: '?',
      style: 'cyan',
      lines: [
        `${show(rule.rule)} could not be judged (${show(rule.reason)}): ${[
          ...(found > 0 ? [`${plural(found, 'finding')} not accepted`] : []),
          ...(kept > 0 ? [`${number(kept)} of the file before kept`] : []),
        ].join(', ')}.`,
      ],
    })),
  ]
  const written = [
    ...heading(page, `Known from now on: ${plural(total, 'finding')}, as of ${minute(baseline.asOf)}`).slice(
      1,
    ),
    ...grid(page, bySeverity),
    ...(notes.length > 0 ? ['', ...grid(page, notes)] : []),
    '',
    ...grid(page, [
      {
        mark: '→',
        lines: [
          `Written to ${show(file)}. Later runs fail on what is new; keep the state folder, so that what is mended and comes back counts as new.`,
        ],
      },
    ]),
  ]
  return `${written.join('\n')}\n`
}
