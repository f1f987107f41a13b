import { checklist } from '../core/checklist.ts'
import type { AuditReport } from '../core/report.ts'
import { markdownCell, markdownText } from './escape.ts'
import type { Section } from './markdown-page.ts'
import { devicesRead, reach, reasonsOutOfReach } from './reach.ts'
import { answer, decisionSigns } from './signs.ts'
import { brief, byRisk, capital, number, percent, plural } from './view.ts'

const row = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |\n`
const table = (columns: readonly string[]): string => `\n${row(columns)}${row(columns.map(() => '---'))}`

export function checklistSection(report: AuditReport): Section {
  return {
    head: `\n## Launch checklist\n${table(['', 'Question', 'Answer'])}`,
    blocks: report.checklist.map((line) => {
      const { mark, word } = answer(line, report)
      return row([mark, checklist[line.item], markdownText(brief(capital(word)))])
    }),
    rest: (left) => `And ${plural(left, 'more question')}.`,
  }
}

export function journeysSection(report: AuditReport): Section {
  return {
    head: `\n## Journeys\n${table(['', 'Journey', 'State', 'Verdict', 'Findings', 'People'])}`,
    blocks: byRisk(report).map(({ name, state, decision, findings, people }) => {
      const { mark, word } = decisionSigns[decision]
      return row([mark, markdownText(brief(name, 120)), state, word, number(findings), number(people)])
    }),
    rest: (left) => `And ${plural(left, 'more journey')}, which did not fit here: report.json names them.`,
  }
}

export function readSection({ sources, totals }: AuditReport): Section {
  const { profiles, devices, events } = totals
  const counts = `${plural(profiles, 'profile')}, ${plural(devices, 'device token')}, ${plural(events, 'event')}.`
  const columns = ['', 'Source', 'Stream', 'Read', 'Expected', 'Set aside', 'Why it ended']
  return {
    head: `\n## What was read\n\n${counts}\n${table(columns)}`,
    blocks: sources.flatMap(({ kind, streams }) =>
      streams.map(({ name, read, expected, rejected, complete, ended }) =>
        row([
          complete ? '✔' : '! incomplete',
          kind,
          markdownText(brief(name, 200)),
          number(read),
          expected === null ? '' : number(expected),
          number(rejected),
          markdownText(brief(ended, 200)),
        ]),
      ),
    ),
    rest: (left) => `And ${plural(left, 'more stream')}, which did not fit here: report.json names them.`,
  }
}

export function reachSection(report: AuditReport): Section {
  const { all } = report.ledger
  const { people, reachable, dormant, unreachable, unsubscribed, out, unknown } = reach(all)
  const known = all.length > 0 && people > 0 && devicesRead(report) !== 'none'
  const reasons = reasonsOutOfReach(all)
  return {
    head: `\n## Who can be reached by push\n\n`,
    blocks: known
      ? [
          `- ${number(reachable)} of ${plural(people, 'profile')} (${percent(reachable / people)}) can be reached\n`,
          ...(unreachable > 0
            ? [`- ${number(unreachable)} opted in and cannot be reached: ${reasons.join(', ')}\n`]
            : []),
          `- ${number(dormant)} opted in on a device that was not used for long, ${number(out)} opted out, ${number(unsubscribed)} unsubscribed, ${number(unknown)} never said\n`,
          ...(devicesRead(report) === 'some'
            ? ['- Not everybody’s devices were read, so more people may be reachable\n']
            : []),
        ]
      : [],
    rest: (left) => `And ${plural(left, 'more line')}.`,
  }
}

export function notesSection({ notices }: AuditReport): Section {
  return {
    head: `\n## Notes\n\n`,
    blocks: notices.map((notice) => `- ${markdownText(brief(notice))}\n`),
    rest: (left) => `And ${plural(left, 'more note')}, which did not fit here: report.json has them.`,
  }
}
