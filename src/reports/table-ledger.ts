import type { AuditReport } from '../core/report.ts'
import { grid, heading, show, type Entry, type Line, type Page } from './grid.ts'
import { cartsOutOfReach, devicesRead, reach, reasonsOutOfReach, type Reach } from './reach.ts'
import { day, number, percent, plural } from './view.ts'

type Cells = AuditReport['ledger']['all']

/** Who can be reached by push: everybody, the people who want to buy, and those whom each journey with a push is for. */
export function ledgerSection(page: Page, report: AuditReport): string[] {
  const { all, intent } = report.ledger
  if (all.length === 0) return []
  const since = day(report.run.window.since)
  const read = devicesRead(report)
  const title = heading(page, 'Who can be reached by push')
  if (read === 'none')
    return [
      ...title,
      ...grid(page, [{ mark: '?', lines: ['No source shows who has which device, so this is not known.'] }]),
    ]
  return [
    ...title,
    ...grid(page, [
      ...(read === 'some'
        ? [
            {
              mark: '!',
              lines: ['Not everybody’s devices were read, so more people may be reachable than stand here.'],
            },
          ]
        : []),
      { mark: '•', lines: [`All ${plural(peopleIn(all), 'profile')}: ${reachText(all)}`] },
      ...(intent.length > 0
        ? [
            {
              mark: '•',
              lines: [
                `${plural(peopleIn(intent), 'profile')} that looked at a product, filled a cart or bought since ${since}: ${reachText(intent, cartsOutOfReach(intent))}`,
              ],
            },
          ]
        : []),
      ...journeyEntry(report, since),
    ]),
  ]
}

const peopleIn = (cells: Cells): number => reach(cells).people

function reachText(cells: Cells, carts: readonly string[] = []): string {
  const { dormant, unreachable, out, unsubscribed, unknown, ...rest } = reach(cells)
  const worth = carts.length > 0 ? `, with carts worth ${carts.map(show).join(', ')}` : ''
  const others = [
    ...(dormant > 0 ? [`${number(dormant)} opted in on a device that was not used for long`] : []),
    ...(out > 0 ? [`${number(out)} opted out`] : []),
    ...(unsubscribed > 0 ? [`${number(unsubscribed)} unsubscribed`] : []),
    ...(unknown > 0 ? [`${number(unknown)} never said`] : []),
  ]
  return [
    `${reachable(rest)}.`,
    ...(unreachable > 0
      ? [
          `${number(unreachable)} opted in and cannot be reached${worth}: ${reasonsOutOfReach(cells).join(', ')}.`,
        ]
      : []),
    ...(others.length > 0 ? [`${others.join(', ')}.`] : []),
  ].join(' ')
}

const reachable = ({ people, reachable: count }: Pick<Reach, 'people' | 'reachable'>): string =>
  `${number(count)} can be reached (${percent(count / people)})`

/** One line for each journey: its filters are not known here, so it is said that they do not count. */
function journeyEntry({ ledger, journeys }: AuditReport, since: string): Entry[] {
  if (ledger.journeys.length === 0) return []
  const lines = ledger.journeys.map(({ id, cells }): Line => {
    const name = journeys.find((journey) => journey.id === id)?.name ?? `journey ${id}`
    return { lead: '– ', text: `${show(name)}: ${journeyText(cells)}` }
  })
  return [
    {
      mark: '•',
      lines: [
        `Journeys with a push, for those who sent the event that starts them since ${since} (filters not counted):`,
        ...lines,
      ],
    },
  ]
}

function journeyText(cells: Cells): string {
  const { unreachable, ...rest } = reach(cells)
  if (rest.people === 0) return 'nobody sent it'
  const lost = unreachable > 0 ? `, ${number(unreachable)} opted in and cannot be` : ''
  return `${plural(rest.people, 'profile')}, ${reachable(rest)}${lost}`
}
