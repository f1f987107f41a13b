import type { AuditReport } from '../core/report.ts'
import type { Database, Row } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

type Ledger = AuditReport['ledger']
type Cell = Ledger['all'][number]

const order = `list_position(['in', 'out', 'unsubscribed', 'unknown'], permission),
  list_position(['deliverable', 'stale', 'undeliverable', 'disabled', 'malformed', 'shared', 'none'], device)`
const listed = 10

/** The push ledger: everyone in one cell of permission and best device; the cells sum to the number of profiles. */
export async function ledger(session: Database): Promise<Ledger> {
  const rows = await session.rows(
    raw(
      `select scope, journey, permission, device, profiles from ledger_cell order by scope, journey, ${order}`,
    ),
  )
  const carts = await session.rows(
    raw('select permission, device, currency, amount from ledger_cart order by currency'),
  )
  // A journey that nobody's event started has no cells, and is there all the same.
  const started = await session.rows(
    raw('select id from journey where judged and has_push and event_name is not null order by id'),
  )
  return {
    all: cells(rows, ({ scope }) => scope === 'all'),
    intent: cells(rows, ({ scope }) => scope === 'intent').map((cell) => ({
      ...cell,
      cartValue: carts
        .filter((cart) => cart['permission'] === cell.permission && cart['device'] === cell.device)
        .map((cart) => ({ currency: String(cart['currency']), amount: Number(cart['amount']) })),
    })),
    journeys: started.map(({ id }) => ({
      id: Number(id),
      cells: cells(rows, ({ scope, journey }) => scope === 'journey' && journey === id),
    })),
  }
}

function cells(rows: readonly Row[], holds: (row: Row) => boolean): Cell[] {
  return rows.filter(holds).map((row) => ({
    permission: String(row['permission']) as Cell['permission'],
    device: String(row['device']) as Cell['device'],
    profiles: Number(row['profiles']),
  }))
}

/** Journeys with a push whose people cannot be known: without a word about them the ledger would look whole. */
export async function ledgerNotices(session: Database): Promise<string[]> {
  const rows = await session.rows(
    raw('select name from journey where judged and has_push and event_name is null order by id'),
  )
  if (rows.length === 0) return []
  const names = rows.slice(0, listed).map(({ name }) => String(name))
  const more = rows.length > listed ? ` and ${rows.length - listed} more` : ''
  return [
    `Whom these journeys with a push would reach is not known, because a segment or a date starts them: ${names.join(', ')}${more}.`,
  ]
}
