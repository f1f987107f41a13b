import type { ShopOrder } from '../core/order.ts'
import { quote } from './problem.ts'
import { isRealDate } from './values.ts'

/** Columns that every file of orders has, and those of which it has one at least. */
export const orderColumns = ['order_id', 'ordered_at', 'total', 'currency'] as const
export const customerColumns = ['customer_id', 'email'] as const
export type OrderColumn = (typeof orderColumns)[number] | (typeof customerColumns)[number] | 'platform'

export interface CellProblem {
  readonly column: OrderColumn
  readonly text: string
}

export interface ReadOrder {
  readonly order: ShopOrder
  /** Its time says no zone. */
  readonly zoneless: boolean
}

/** A row as an order, or the first thing that is wrong with it. Who bought, what and where may be unknown; what it is and when may not. */
export function readOrder(line: number, cell: (name: OrderColumn) => string): ReadOrder | CellProblem {
  const wrong = (column: OrderColumn, allowed: string): CellProblem => ({
    column,
    text: `${column}: found ${cell(column) === '' ? 'nothing' : quote(cell(column))}, allowed is ${allowed}`,
  })
  const or = (text: string): string | null => (text === '' ? null : text)
  if (cell('order_id') === '') return wrong('order_id', 'the number of the order')
  const time = timeOf(cell('ordered_at'))
  if (time === null)
    return wrong(
      'ordered_at',
      'a time such as 2026-11-20T10:00:00Z or 2026-11-20 10:00:00 +01:00, or Unix seconds',
    )
  const total = amountOf(cell('total'))
  if (Number.isNaN(total)) return wrong('total', 'a number such as 1299.00')
  if (!/^(?:[a-z]{3})?$/i.test(cell('currency')))
    return wrong('currency', 'a code of three letters such as EUR')
  const order: ShopOrder = {
    line,
    number: cell('order_id'),
    orderedAt: time.at,
    customerId: or(cell('customer_id')),
    email: or(cell('email').normalize('NFKC').trim()),
    total,
    currency: or(cell('currency').toUpperCase()),
    platform: or(cell('platform')),
  }
  return { order, zoneless: time.zoneless }
}

const written =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?(?: ?(Z|UTC|[+-]\d{2}(?::?\d{2})?))?$/i

/** Milliseconds have more digits and are no time here: read as seconds they would lie in another age. */
const unixSeconds = /^\d{9,10}(?:\.\d+)?$/

function timeOf(text: string): { readonly at: Date; readonly zoneless: boolean } | null {
  if (unixSeconds.test(text)) return { at: new Date(Number(text) * 1000), zoneless: false }
  const [, day = '', clock = '00:00', zone] = written.exec(text) ?? []
  if (!isRealDate(day)) return null
  const at = new Date(`${day}T${clock}${offsetOf(zone)}`)
  return Number.isNaN(at.getTime()) ? null : { at, zoneless: zone === undefined }
}

/** As JavaScript reads it. */
function offsetOf(zone: string | undefined): string {
  if (zone === undefined || /^[a-z]/i.test(zone)) return 'Z'
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`
}

/** Null where nothing stands there. A comma before one or two last digits is that of half of Europe. */
function amountOf(text: string): number | null {
  if (text === '') return null
  return /^[+-]?\d+(?:[.,]\d{1,2}|\.\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN
}
