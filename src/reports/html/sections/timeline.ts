import { h, type ComponentChild } from 'preact'
import type { ReportInput } from '../../reporter.ts'
import { number, plural } from '../../view.ts'
import { Area } from '../charts/area.ts'
import { onsets, type Onset } from '../onsets.ts'
import { Badge, brief, Section, text } from '../parts.ts'

const onsetsShown = 12

/** How often the events came that matter, and where defects began. */
export function EventsOverTime({
  input: { report, timeline },
}: {
  readonly input: ReportInput
}): ComponentChild {
  const { starts, stepDays, events, unlisted } = timeline
  if (events.length === 0) return null
  const began = onsets(report, timeline)
  const step = stepDays === 1 ? 'day' : `${stepDays} days`
  return h(
    Section,
    {
      id: 'events',
      title: 'Events over time',
      about: [
        `Events of the plan and of running journeys, by ${step}, each on a scale of its own. The window cuts the first and the last ${stepDays === 1 ? 'day' : 'step'}. `,
        h('span', { class: 'onset-key' }, 'A dashed line'),
        ' marks where a finding about the event began.',
        unlisted > 0
          ? ` ${plural(unlisted, 'rarer event')} of the plan came too and ${unlisted === 1 ? 'is' : 'are'} not drawn.`
          : '',
      ],
    },
    h(
      'div',
      { class: 'card' },
      h(
        'ul',
        { class: 'series' },
        events.map(({ name, trigger, counts }) => {
          const own = began.filter(({ event }) => event === name)
          const total = counts.reduce((sum, count) => sum + count, 0)
          const peak = Math.max(...counts)
          return h(
            'li',
            null,
            h(
              'div',
              { class: 'series-name' },
              h('code', null, brief(name, 48)),
              trigger ? h(Badge, { tone: 'info' }, 'starts a journey') : null,
              h('span', { class: 'answer' }, `${plural(total, 'event')}, at most ${number(peak)}`),
            ),
            h(Area, {
              counts,
              marks: own.map(({ at, day, message }) => ({ at, label: `${day}: ${brief(message)}` })),
              label: `${brief(name, 48)}: ${plural(total, 'event')}, at most ${number(peak)} in a ${step}, ${plural(own.length, 'onset')}`,
            }),
          )
        }),
      ),
      h(
        'p',
        { class: 'axis', 'aria-hidden': 'true' },
        h('span', null, starts[0]),
        h('span', null, starts.at(-1)),
      ),
      began.length === 0 ? null : Began(began),
    ),
  )
}

function Began(began: readonly Onset[]): ComponentChild {
  const more = began.length - onsetsShown
  // The latest first: what began last week was most likely brought by the last release.
  const latest = began.toReversed().slice(0, onsetsShown)
  return h(
    'div',
    { class: 'began' },
    h('h3', null, 'What began in this window, the latest first'),
    h(
      'ul',
      null,
      latest.map(({ day, fingerprint, message }) =>
        h(
          'li',
          null,
          h('time', { datetime: day }, day),
          ' ',
          h('a', { href: `#finding-${fingerprint}` }, text(message)),
        ),
      ),
    ),
    more > 0
      ? h(
          'p',
          { class: 'answer' },
          `${number(more)} more began earlier in the window; sort the findings by when they began to see all.`,
        )
      : null,
  )
}
