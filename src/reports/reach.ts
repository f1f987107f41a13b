import type { AuditReport } from '../core/report.ts'
import { money, number } from './view.ts'

type Cells = AuditReport['ledger']['all']
type Cell = Cells[number]

/** The push ledger in numbers that sum to everybody. */
export interface Reach {
  readonly people: number
  /** Opted in, with a device that push arrives on. */
  readonly reachable: number
  /** Opted in, and the best device was not used for long: a push may arrive, or wake nobody. */
  readonly dormant: number
  /** Opted in, and there is nothing that push could arrive on. */
  readonly unreachable: number
  readonly unsubscribed: number
  readonly out: number
  /** Nobody knows whether they want push. */
  readonly unknown: number
}

export function reach(cells: Cells): Reach {
  const sum = (fits: (cell: Cell) => boolean): number =>
    cells.filter(fits).reduce((total, { profiles }) => total + profiles, 0)
  return {
    people: sum(() => true),
    reachable: sum((cell) => cell.permission === 'in' && cell.device === 'deliverable'),
    dormant: sum((cell) => cell.permission === 'in' && cell.device === 'stale'),
    unreachable: sum(isOutOfReach),
    unsubscribed: sum(({ permission }) => permission === 'unsubscribed'),
    out: sum(({ permission }) => permission === 'out'),
    unknown: sum(({ permission }) => permission === 'unknown'),
  }
}

const isOutOfReach = ({ permission, device }: Cell): boolean =>
  permission === 'in' && device !== 'deliverable' && device !== 'stale'

/** Why those who opted in are out of reach, the commonest reason first: `80 without a device`. They sum to `unreachable`. */
export function reasonsOutOfReach(cells: Cells): readonly string[] {
  return cells
    .filter(isOutOfReach)
    .toSorted((one, other) => other.profiles - one.profiles || (one.device < other.device ? -1 : 1))
    .map(({ device, profiles }) => `${number(profiles)} ${reasons[device]}`)
}

const reasons: Readonly<Record<Cell['device'], string>> = {
  deliverable: 'with a device that push arrives on',
  stale: 'with a device that was not used for long',
  none: 'without a device',
  disabled: 'with push switched off on the phone',
  undeliverable: 'with a device that push bounces from',
  shared: 'with a device token that sits on other profiles too',
  malformed: 'with a malformed device token',
}

/** The latest carts of people who opted in and are out of reach, by currency. */
export function cartsOutOfReach(cells: AuditReport['ledger']['intent']): readonly string[] {
  const amounts = new Map<string, number>()
  for (const { currency, amount } of cells.filter(isOutOfReach).flatMap(({ cartValue }) => cartValue))
    amounts.set(currency, (amounts.get(currency) ?? 0) + amount)
  return [...amounts]
    .filter(([, amount]) => amount > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, amount]) => money(amount, currency))
}

/**
 * Whether the sources show who has which device. A people export or warehouse files alone show none, and then everybody
 * would look as if they were out of reach.
 */
export function devicesRead({ sources }: AuditReport): 'all' | 'some' | 'none' {
  // Where the App API is connected, it alone says who holds a token.
  const teller =
    sources.find(({ kind }) => kind === 'app-api') ?? sources.find(({ kind }) => kind === 'pipelines')
  const streams =
    teller?.streams.filter(({ name }) => name === (teller.kind === 'app-api' ? 'attributes' : 'tracks')) ?? []
  if (streams.every(({ read }) => read === 0)) return 'none'
  return streams.every(({ complete, rejected }) => complete && rejected === 0) ? 'all' : 'some'
}
