import type { AuditReport } from '../core/report.ts'
import { markdownText } from './escape.ts'
import { inFull, nextSteps } from './next-steps.ts'
import { attentionRules, fineSection } from './markdown-rules.ts'
import {
  checklistSection,
  journeysSection,
  notesSection,
  reachSection,
  readSection,
} from './markdown-sections.ts'
import { pageOf } from './markdown-page.ts'
import type { Reporter } from './reporter.ts'
import { decisionSigns } from './signs.ts'
import { brief, capital, headingOf, number, sentence } from './view.ts'

/** GitHub takes 1 MiB for the summary of a step and shows nothing of a larger one. */
export const mostBytes = 1024 * 1024

/** The report as one page of Markdown: the verdict first, and never more than `most` bytes. */
export function renderMarkdown(report: AuditReport, most = mostBytes): string {
  const sections = [
    checklistSection(report),
    journeysSection(report),
    attentionRules(report, 'fail'),
    attentionRules(report, 'warn'),
    attentionRules(report, 'inconclusive'),
    attentionRules(report, 'note'),
    readSection(report),
    reachSection(report),
    fineSection(report),
    notesSection(report),
  ]
  return pageOf(verdict(report), sections, most)
}

export const markdown: Reporter = {
  files: ({ report }) => [{ path: 'report.md', content: () => [renderMarkdown(report)] }],
}

function verdict(report: AuditReport): string {
  const { decision, reason, blocking } = report.verdict
  const { mark, word } = decisionSigns[decision]
  const lines = [
    `# ${mark} ${word}${about(report)}: ${markdownText(brief(sentence(reason)))}`,
    '',
    ...(blocking.length === 0
      ? []
      : [`**Blocking:** ${blocking.map((rule) => markdownText(rule)).join(', ')}.`, '']),
    ...nextSteps(report).map((step, at) => `${at + 1}. ${markdownText(capital(inFull(step)))}`),
    '',
    markdownText(brief(origin(report), 800)),
  ]
  return `${lines.join('\n')}\n`
}

function about({ scope, journeys, elsewhere }: AuditReport): string {
  if (scope === undefined) return ''
  const names = scope.journeys.map((id) => journeys.find((journey) => journey.id === id)?.name ?? String(id))
  const others =
    elsewhere === undefined ? '' : ` (elsewhere ${number(elsewhere.findings)} findings, not counted)`
  return ` for ${markdownText(brief(names.join(', ')))}${others}`
}

function origin(report: AuditReport): string {
  const { name, place, seen } = headingOf(report, (value) => brief(value, 200))
  return `${name}${place === '' ? '' : ` (${place})`}, ${seen} ${report.tool.name} ${report.tool.version}.`
}
