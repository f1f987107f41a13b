import { h, type ComponentChild } from 'preact'
import type { AuditReport } from '../../../core/report.ts'
import { capital, number, percent, plural, streamSummary, type StreamSummary } from '../../view.ts'
import { DataTable, Icon, text } from '../parts.ts'

const kinds: Readonly<Record<AuditReport['sources'][number]['kind'], string>> = {
  'app-api': 'App API',
  'people-export': 'people export',
  'warehouse-sync': 'warehouse sync',
  pipelines: 'Pipelines files',
}
const incompleteShown = 4

/** How much stands behind the verdict. */
export function Read({ report }: { readonly report: AuditReport }): ComponentChild {
  const { profiles, devices, events } = report.totals
  const { streams, complete, incomplete, rejected } = streamSummary(report)
  const whole = complete === streams
  return h(
    'section',
    { class: 'card', id: 'read', 'aria-labelledby': 'read-title' },
    h('h2', { id: 'read-title' }, 'What was read'),
    h(
      'ul',
      { class: 'lines' },
      line(
        'pass',
        `${plural(profiles, 'profile')}, ${plural(devices, 'device token')}, ${plural(events, 'event')}`,
        `From ${report.sources.map(({ kind }) => kinds[kind]).join(', ')}`,
      ),
      line(
        whole ? 'pass' : 'warn',
        whole
          ? `All ${plural(streams, 'stream')} read to the end`
          : `${number(complete)} of ${plural(streams, 'stream')} read to the end`,
        whole ? 'Nothing was cut off' : 'What depends on the others is not judged',
      ),
      incomplete
        .slice(0, incompleteShown)
        .map((stream) => line('warn', `${text(stream.name)} is incomplete`, readOf(stream))),
      incomplete.length > incompleteShown
        ? line(
            'warn',
            `and ${number(incomplete.length - incompleteShown)} more`,
            'All of them stand in the table',
          )
        : null,
      rejected.length > 0
        ? line(
            'warn',
            'Records that did not fit were set aside',
            rejected.map(({ stream, count }) => `${text(stream)} ${number(count)}`).join(', '),
          )
        : null,
    ),
    h('details', null, h('summary', null, 'All streams'), StreamTable(report)),
  )
}

const line = (tone: 'pass' | 'warn', what: string, more: string): ComponentChild =>
  h('li', null, h(Icon, { tone }), h('div', null, h('p', null, what), h('p', { class: 'answer' }, more)))

function readOf({ read, expected, ended }: StreamSummary['incomplete'][number]): string {
  const of =
    expected === null ? '' : ` of ${number(expected)}${expected > 0 ? ` (${percent(read / expected)})` : ''}`
  return `${number(read)}${of} read, ${text(ended)}`
}

function StreamTable({ sources }: AuditReport): ComponentChild {
  return h(DataTable, {
    caption: 'Each stream of each source',
    columns: [
      { title: 'Source' },
      { title: 'Stream' },
      { title: 'Read', numeric: true },
      { title: 'Expected', numeric: true },
      { title: 'Set aside', numeric: true },
      { title: 'Complete' },
      { title: 'Why it ended' },
    ],
    rows: sources.flatMap(({ kind, streams }) =>
      streams.map(({ name, read, expected, rejected, complete, ended }) => [
        capital(kinds[kind]),
        text(name),
        number(read),
        expected === null ? '–' : number(expected),
        number(rejected),
        complete ? 'yes' : 'no',
        text(ended),
      ]),
    ),
  })
}
