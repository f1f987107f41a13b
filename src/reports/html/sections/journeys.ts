import { scaleLinear } from 'd3-scale'
import { h, type ComponentChild } from 'preact'
import type { AuditReport } from '../../../core/report.ts'
import { streamNames } from '../../../core/tables.ts'
import { byRisk, number, plural, type Journey } from '../../view.ts'
import { brief, Icon, Section, text } from '../parts.ts'
import { toneOf, wordOf } from './verdict.ts'

const shown = 7
const drawn = 20

const defects = ({ findings, people }: Journey): string =>
  findings === 0 ? 'no defects' : `${plural(findings, 'defect')}, ${plural(people, 'person', 'people')}`

/** On the first screen: the journeys at risk, in a line each. */
export function JourneysAtRisk({ report }: { readonly report: AuditReport }): ComponentChild {
  const all = byRisk(report)
  const fine = all.filter(({ decision, findings }) => decision === 'go' && findings === 0)
  const atRisk = all.filter((journey) => !fine.includes(journey))
  const more = atRisk.length - shown
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'at-risk-title' },
    h('h2', { id: 'at-risk-title' }, 'Journeys at risk'),
    all.length === 0 ? h('p', { class: 'about' }, withoutJourneys(report)) : null,
    h(
      'ul',
      { class: 'lines' },
      atRisk
        .slice(0, shown)
        .map((journey) =>
          h(
            'li',
            null,
            h(Icon, { tone: toneOf(journey.decision) }),
            h(
              'div',
              null,
              h('p', null, brief(journey.name, 60)),
              h('p', { class: 'answer' }, `${wordOf(journey.decision)}: ${defects(journey)}`),
            ),
          ),
        ),
    ),
    more > 0 ? h('p', null, h('a', { href: '#journeys' }, `and ${number(more)} more`)) : null,
    fine.length > 0
      ? h('p', { class: 'answer' }, `${plural(fine.length, 'journey')} without a defect.`)
      : null,
  )
}

/** Only the API tells of journeys; where it was not asked, or refused, nobody knows whether one runs. */
function withoutJourneys({ sources }: AuditReport): string {
  const campaigns = sources
    .flatMap(({ streams }) => streams)
    .filter(({ name }) => name === streamNames.campaigns)
  if (campaigns.some(({ complete }) => complete)) return 'No journey runs, so none is at risk.'
  return campaigns.length > 0
    ? 'Which journeys run could not be read.'
    : 'Files do not say which journeys run: add --source api to see those at risk.'
}

/** Findings by the journey that they put at risk. */
export function Journeys({ report }: { readonly report: AuditReport }): ComponentChild {
  if (report.journeys.length === 0) return null
  const all = byRisk(report)
  const width = scaleLinear([0, Math.max(1, ...all.map(({ people }) => people))], [0, 100])
  const bar = (journey: Journey): ComponentChild => Bar(journey, width(journey.people))
  return h(
    Section,
    {
      id: 'journeys',
      title: 'Findings by journey',
      about:
        'Defects in the events and attributes that a journey uses, and how many different people they touch.',
    },
    h('ul', { class: 'bars card' }, all.slice(0, drawn).map(bar)),
    all.length > drawn
      ? h(
          'details',
          { class: 'group' },
          h('summary', null, `${number(all.length - drawn)} more journeys`),
          h('ul', { class: 'bars card' }, all.slice(drawn).map(bar)),
        )
      : null,
  )
}

function Bar(journey: Journey, width: number): ComponentChild {
  return h(
    'li',
    null,
    h(
      'div',
      { class: 'bar-name' },
      h(Icon, { tone: toneOf(journey.decision) }),
      h('span', null, text(journey.name)),
      h('span', { class: 'answer' }, `${wordOf(journey.decision)}, ${journey.state}`),
    ),
    h(
      'svg',
      {
        class: 'bar',
        viewBox: '0 0 100 8',
        preserveAspectRatio: 'none',
        'aria-hidden': 'true',
        focusable: 'false',
      },
      h('rect', { class: 'track', width: 100, height: 8 }),
      h('rect', {
        class: toneOf(journey.decision),
        width: Number(width.toFixed(2)),
        height: 8,
      }),
    ),
    h(
      'div',
      { class: 'bar-value' },
      journey.findings === 0
        ? defects(journey)
        : h('a', { href: '#findings', 'data-journey': journey.id }, defects(journey)),
    ),
  )
}
