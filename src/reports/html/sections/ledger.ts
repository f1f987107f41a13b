import { scaleQuantize } from 'd3-scale'
import { h, type ComponentChild } from 'preact'
import type { AuditReport } from '../../../core/report.ts'
import { cartsOutOfReach, devicesRead, reach, reasonsOutOfReach } from '../../reach.ts'
import { day, number, percent, plural } from '../../view.ts'
import { Stacked, type Part } from '../charts/stacked.ts'
import { DataTable, Section, text } from '../parts.ts'

type Cells = AuditReport['ledger']['all']
type Cell = Cells[number]

const title = 'Who can be reached by push'

/** The push ledger as a picture: everybody, the people who want to buy, and whom each journey with a push is for. */
export function Ledger({ report }: { readonly report: AuditReport }): ComponentChild {
  const { all, intent, journeys } = report.ledger
  if (all.length === 0) return null
  const read = devicesRead(report)
  if (read === 'none') {
    return h(Section, {
      id: 'push',
      title,
      about: 'No source shows who has which device, so this is not known.',
    })
  }
  const since = day(report.run.window.since)
  return h(
    Section,
    {
      id: 'push',
      title,
      about:
        read === 'some'
          ? 'Everybody stands in one place by permission and best device. Not everybody’s devices were read, so more people may be reachable than stand here.'
          : 'Everybody stands in one place, by permission and best device.',
    },
    h(
      'div',
      { class: 'card ledger' },
      Bar(`All ${plural(reach(all).people, 'profile')}`, all),
      intent.length === 0
        ? null
        : Bar(
            `${plural(reach(intent).people, 'profile')} that looked at a product, filled a cart or bought since ${since}`,
            intent,
            cartsOutOfReach(intent),
          ),
      h(Legend, null),
      h('details', null, h('summary', null, 'By permission and device'), Matrix(all)),
      journeys.length === 0
        ? null
        : h(
            'details',
            null,
            h('summary', null, `Journeys with a push (${number(journeys.length)})`),
            h(
              'p',
              { class: 'about' },
              `Those who sent the event that starts the journey since ${since}; its filters are not counted.`,
            ),
            journeys.map(({ id, cells }) =>
              Bar(text(report.journeys.find((journey) => journey.id === id)?.name ?? `Journey ${id}`), cells),
            ),
          ),
    ),
  )
}

const looks: readonly (readonly [look: string, name: string, of: keyof ReturnType<typeof reach>])[] = [
  ['reach-ok', 'can be reached', 'reachable'],
  ['reach-dormant', 'opted in, device silent for long', 'dormant'],
  ['reach-lost', 'opted in, cannot be reached', 'unreachable'],
  ['reach-unknown', 'never said', 'unknown'],
  ['reach-out', 'opted out', 'out'],
  ['reach-gone', 'unsubscribed', 'unsubscribed'],
]

function Bar(name: string, cells: Cells, carts: readonly string[] = []): ComponentChild {
  const counts = reach(cells)
  const parts = looks.map(([look, part, of]): Part => ({ look, name: part, count: counts[of] }))
  const lost = reasonsOutOfReach(cells)
  return h(
    'div',
    { class: 'reach' },
    h(
      'p',
      { class: 'reach-name' },
      h('strong', null, name),
      counts.people === 0
        ? ' Nobody sent it.'
        : ` ${number(counts.reachable)} can be reached (${percent(counts.reachable / counts.people)}).`,
    ),
    counts.people === 0 ? null : h(Stacked, { parts, label: name }),
    h(
      'p',
      { class: 'answer' },
      parts
        .filter(({ count, look }) => count > 0 && look !== 'reach-ok')
        .map(({ name: part, count }) => `${number(count)} ${part}`)
        .join('; '),
    ),
    lost.length === 0
      ? null
      : h(
          'p',
          { class: 'answer' },
          `Out of reach: ${lost.join(', ')}${carts.length > 0 ? `. Their carts are worth ${carts.map(text).join(', ')}` : ''}.`,
        ),
  )
}

function Legend(): ComponentChild {
  return h(
    'ul',
    { class: 'legend' },
    looks.map(([look, name]) => h('li', null, h('span', { class: `swatch ${look}` }), name)),
  )
}

const permissions: Readonly<Record<Cell['permission'], string>> = {
  in: 'Opted in',
  out: 'Opted out',
  unsubscribed: 'Unsubscribed',
  unknown: 'Never said',
}
const devices: Readonly<Record<Cell['device'], string>> = {
  deliverable: 'Push arrives',
  stale: 'Silent for long',
  disabled: 'Switched off',
  undeliverable: 'Bounces',
  shared: 'Token shared',
  malformed: 'Token malformed',
  none: 'No device',
}

/** Shaded by how many people stand there; the number says the same. */
function Matrix(cells: Cells): ComponentChild {
  const most = Math.max(1, ...cells.map(({ profiles }) => profiles))
  // By the root: one large cell is not to leave all the others in one shade.
  const shade = scaleQuantize([0, Math.sqrt(most)], [1, 2, 3, 4, 5])
  const count = (permission: string, device: string): number =>
    cells
      .filter((cell) => cell.permission === permission && cell.device === device)
      .reduce((sum, { profiles }) => sum + profiles, 0)
  return h(
    'div',
    { class: 'matrix' },
    h(DataTable, {
      caption: 'Profiles by permission and best device',
      columns: [
        { title: 'Permission' },
        ...Object.values(devices).map((name) => ({ title: name, numeric: true })),
      ],
      rows: Object.entries(permissions).map(([permission, name]) => [
        name,
        ...Object.keys(devices).map((device) => {
          const profiles = count(permission, device)
          return h(
            'span',
            { class: profiles === 0 ? 'shade' : `shade shade-${shade(Math.sqrt(profiles))}` },
            number(profiles),
          )
        }),
      ]),
    }),
  )
}
