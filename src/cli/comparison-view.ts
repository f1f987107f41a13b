import {
  changeKinds,
  type Change,
  type ChangeCounts,
  type ChangeKind,
  type Comparison,
  type RuleComparison,
  type Side,
  type SideRule,
} from '../core/comparison.ts'
import { grid, heading, show, type Entry, type Line, type Page, type Style } from '../reports/grid.ts'
import { decisionSigns } from '../reports/signs.ts'
import { minute, number, plural } from '../reports/view.ts'

const words: Readonly<Record<ChangeKind | 'same', string>> = {
  new: 'new',
  fixed: 'fixed',
  worse: 'worse',
  better: 'better',
  differently: 'judged differently',
  same: 'still there',
}
const signs: Readonly<Record<ChangeKind, { mark: string; style?: Style }>> = {
  new: { mark: '+', style: 'red' },
  fixed: { mark: '-', style: 'green' },
  worse: { mark: '>', style: 'red' },
  better: { mark: '<', style: 'green' },
  differently: { mark: '~' },
}

/** More of one rule than this is for `--json`. */
const mostShown = 10

export function comparisonTable(page: Page, { before, after, notices, counts, rules }: Comparison): string {
  const moved = rules.filter(({ changes, status }) => changes.length > 0 || status.before !== status.after)
  const lines = [
    ...grid(page, [
      { mark: '1', lines: [sideText(before)] },
      { mark: '2', lines: [sideText(after)] },
      ...notices.map((notice): Entry => ({ mark: '!', style: 'yellow', lines: [show(notice)] })),
    ]),
    ...moved.flatMap((rule) => [
      '',
      ...grid(page, [ruleEntry(rule, acceptedText(before.rules.get(rule.rule), after.rules.get(rule.rule)))]),
    ]),
    ...heading(page, `${countsText(counts, true)}.`),
  ]
  return `${lines.join('\n')}\n`
}

const sideText = ({ runId, asOf, decision, plan }: Side): string =>
  `${runId.slice(0, 12)}, as of ${minute(asOf)}: ${decisionSigns[decision].word} (${plan.origin === 'built-in' ? 'the built-in plan' : show(`${plan.origin} ${plan.version}`)})`

const kinds = [...changeKinds, 'same'] as const

/** All of them at the end; of a rule those that it has. */
function countsText(counts: ChangeCounts, isWhole: boolean): string {
  const told = kinds.filter((kind) => counts[kind] > 0 || (isWhole && kind !== 'differently'))
  if (told.length === 0) return 'nothing found'
  return told.map((kind) => `${number(counts[kind])} ${words[kind]}`).join(', ')
}

/** A rule may pass since somebody accepted what it finds: then nothing else would say why. */
function acceptedText(before: SideRule | undefined, after: SideRule | undefined): string[] {
  const [old, now] = [before?.accepted ?? 0, after?.accepted ?? 0]
  return old === now ? [] : [`Known or waived: ${number(old)}, then ${number(now)}.`]
}

function ruleEntry(
  { rule, severity, status, differs, counts, changes }: RuleComparison,
  accepted: readonly string[],
): Entry {
  const change =
    status.before === status.after ? '' : `, ${status.before ?? 'not there'} → ${status.after ?? 'not there'}`
  const rest = changes.length - mostShown
  return {
    mark: '•',
    lines: [
      { text: `${show(rule)} (${severity}${change}): ${countsText(counts, false)}`, style: 'bold' },
      ...(differs === null ? [] : [`Judged differently: ${show(differs)}.`]),
      ...accepted,
      ...changes.slice(0, mostShown).map(changeLine),
      ...(rest > 0 ? [`and ${plural(rest, 'more', 'more')}: --json names all`] : []),
    ],
  }
}

function changeLine({ change, fingerprint, subject, before, after }: Change): Line {
  const { mark, style } = signs[change]
  const about = subject === null ? '' : ` ${show(subject.key)}`
  const size =
    before === null || after === null ? number(before ?? after ?? 0) : `${number(before)} → ${number(after)}`
  return { lead: `${mark} `, text: `${fingerprint}${about} (${size})`, ...(style ? { style } : {}) }
}

/** Everything that changed, and of what stayed the count. */
export function comparisonJson({ before, after, notices, counts, rules }: Comparison): string {
  const side = ({ runId, asOf, workspaceId, decision, plan, tool, vantage, journeys }: Side) => ({
    run: runId,
    asOf,
    workspace: workspaceId,
    decision,
    plan,
    tool,
    window: vantage.days,
    sources: vantage.sources,
    journeys,
  })
  const report = { schemaVersion: 1, before: side(before), after: side(after), notices, counts, rules }
  return `${JSON.stringify(report, null, 2)}\n`
}
