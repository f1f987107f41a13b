import { checklist } from '../core/checklist.ts'
import type { AuditReport } from '../core/report.ts'
import { grid, heading, show, type Entry, type Page } from './grid.ts'
import { answer, decisionSigns } from './signs.ts'
import { capital, headingOf, number, plural, sentence, streamSummary } from './view.ts'
import { wrap } from './width.ts'

export function header(page: Page, report: AuditReport): string[] {
  const { name, place, seen } = headingOf(report, show)
  return [
    ...wrap(`cio-audit: ${name}${place === '' ? '' : ` (${place})`}`, page.width),
    ...wrap(capital(seen), page.width),
  ]
}

export function readSection(page: Page, report: AuditReport): string[] {
  const { profiles, devices, events } = report.totals
  const { streams, complete, incomplete, rejected } = streamSummary(report)
  const counts = `${plural(profiles, 'profile')}, ${plural(devices, 'device token')}, ${plural(events, 'event')}`
  const whole =
    complete === streams
      ? `All ${plural(streams, 'stream')} read to the end`
      : `${number(complete)} of ${plural(streams, 'stream')} read to the end`
  const set = rejected.map(({ stream, count }) => `${show(stream)} ${number(count)}`).join(', ')
  return [
    ...heading(page, 'What was read'),
    ...grid(page, [
      {
        mark: complete === streams ? '✔' : '!',
        lines: [`${counts}. ${whole}.`],
      },
      ...incomplete.map(({ name, read, expected, ended }): Entry => {
        const of = expected === null ? '' : ` of ${number(expected)}`
        return {
          mark: '!',
          lines: [`${show(name)} is incomplete: ${number(read)}${of} read, ${show(ended)}`],
        }
      }),
      ...(rejected.length > 0
        ? [
            {
              mark: '!',
              lines: [`Records that did not fit and were set aside: ${set}`],
            },
          ]
        : []),
    ]),
  ]
}

/** The nine questions, always all of them. */
export function checklistSection(page: Page, report: AuditReport): string[] {
  return [
    ...heading(page, 'Launch checklist'),
    ...grid(
      page,
      report.checklist.map((line): Entry => {
        const { mark, word } = answer(line, report)
        return { mark, lines: [`${checklist[line.item]} ${sentence(capital(show(word)))}`] }
      }),
    ),
  ]
}

export function journeysSection(page: Page, { journeys }: AuditReport): string[] {
  if (journeys.length === 0) return []
  return [
    ...heading(page, 'Journeys'),
    ...grid(
      page,
      journeys.map(({ name, state, decision, findings, people }): Entry => {
        const { mark, word } = decisionSigns[decision]
        const told =
          findings > 0 ? `, ${plural(findings, 'finding')}, ${plural(people, 'person', 'people')}` : ''
        return { mark, lines: [`${show(name)} (${state}): ${word}${told}`] }
      }),
    ),
  ]
}

export function noticesSection(page: Page, { notices }: AuditReport): string[] {
  if (notices.length === 0) return []
  return [
    ...heading(page, 'Notes'),
    ...grid(
      page,
      notices.map((notice): Entry => ({ mark: '•', lines: [show(notice)] })),
    ),
  ]
}
