import type { AuditReport } from '../core/report.ts'
import type { Database } from '../engine/database.ts'
import { raw, type Query } from '../engine/sql.ts'

type Ledger = AuditReport['ledger']
type Cell = Ledger['all'][number]

const order = raw(`list_position(['in', 'out', 'unsubscribed', 'unknown'], permission),
  list_position(['deliverable', 'stale', 'undeliverable', 'disabled', 'malformed', 'shared', 'none'], device)`)

/** The push ledger: everyone in one cell of permission and best device; the cells sum to the number of profiles. */
export async function ledger(session: Database): Promise<Ledger> {
  const all = await cells(
    session,
    raw(`select permission, device, profiles from ledger_cell order by ${order.text}`),
  )
  const intent = await cells(
    session,
    raw(
      `select permission, device, intent_profiles as profiles from ledger_cell where intent_profiles > 0 order by ${order.text}`,
    ),
  )
  const carts = await session.rows(
    raw(`
    select permission, best_device as device, currency, round(sum(amount), 2)::double as amount
    from cart_value join audience using (cio_id)
    where currency is not null and amount is not null group by all order by permission, device, currency`),
  )
  const running = await session.rows(
    raw("select id from journey where state = 'running' and has_push order by id"),
  )
  return {
    all,
    intent: intent.map((cell) => ({
      ...cell,
      cartValue: carts
        .filter((cart) => cart['permission'] === cell.permission && cart['device'] === cell.device)
        .map((cart) => ({ currency: String(cart['currency']), amount: Number(cart['amount']) })),
    })),
    journeys: await Promise.all(
      running.map(async ({ id }) => ({ id: Number(id), cells: await journeyCells(session, Number(id)) })),
    ),
  }
}

async function cells(session: Database, query: Query): Promise<Cell[]> {
  return (await session.rows(query)).map((row) => ({
    permission: String(row['permission']) as Cell['permission'],
    device: String(row['device']) as Cell['device'],
    profiles: Number(row['profiles']),
  }))
}

/** The people whom a journey with a push would reach: those who did its trigger event in the window. */
async function journeyCells(session: Database, id: number): Promise<Cell[]> {
  return await cells(
    session,
    raw(`
    with reached as (
      select distinct e.person from event e join journey j on j.event_name = e.name and e.type = 'event' where j.id = ${id}
    )
    select permission, best_device as device, count(*) as profiles
    from reached join person using (person) join audience using (cio_id) group by permission, best_device order by ${order.text}`),
  )
}
