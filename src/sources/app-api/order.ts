/**
 * Whether activities come newest first. The API does not promise it, so it is watched: only in an order that held so
 * far does a page before the window mean that nothing of the window is left.
 *
 * Two orders serve. By time: each activity no later than the one before it, some minutes of grace, with a few
 * backdated rows allowed (a phone that was offline). By id: ids are ULIDs, whose first half is the time of receipt;
 * what was received before the window also happened before it.
 */
export interface OrderSeen {
  readonly rows: number
  /** Rows that are later than the one before them. */
  readonly risesInTime: number
  /** Rows whose id is greater than the one before it. */
  readonly risesInId: number
  readonly lastTime: number | null
  readonly lastId: string | null
}

export interface Dated {
  readonly id: string
  /** Milliseconds; null where the record's time is none. */
  readonly time: number | null
}

export const nothingSeen: OrderSeen = { rows: 0, risesInTime: 0, risesInId: 0, lastTime: null, lastId: null }

const graceMs = 10 * 60_000
/** Of all rows; one in fifty may be backdated. */
const mostRises = 0.02
const alwaysAllowed = 3
const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

export function watchOrder(before: OrderSeen, rows: readonly Dated[]): OrderSeen {
  let { risesInTime, risesInId, lastTime, lastId } = before
  for (const { id, time } of rows) {
    if (lastId !== null && id > lastId) risesInId++
    lastId = id
    if (time === null) continue
    if (lastTime !== null && time > lastTime + graceMs) risesInTime++
    lastTime = time
  }
  return { rows: before.rows + rows.length, risesInTime, risesInId, lastTime, lastId }
}

/** Whether this page lies before `since` as a whole, in an order that can be trusted. */
export function isPastBound(order: OrderSeen, page: readonly Dated[], since: Date): boolean {
  const bound = since.getTime()
  if (page.length === 0 || page.some(({ time }) => time === null || time >= bound)) return false
  const isByTime = order.risesInTime <= Math.max(alwaysAllowed, order.rows * mostRises)
  if (isByTime) return true
  return order.risesInId === 0 && page.every(({ id }) => ulid.test(id) && ulidTime(id) < bound)
}

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function ulidTime(id: string): number {
  let time = 0
  for (const letter of id.slice(0, 10)) time = time * 32 + digits.indexOf(letter)
  return time
}
