import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, Hono } from 'hono'
import type { Fact } from '../types.ts'
import { bodyOf } from './app-people.ts'
import { faultsSchema, type FaultBoard } from './faults.ts'
import type { SeenRequest } from './guards.ts'

const loopback = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** The simulator's own door, beside Customer.io's: only for this machine, no key needed. */
export function controlRoutes(
  app: Hono<{ Bindings: HttpBindings }>,
  board: FaultBoard,
  facts: readonly Fact[],
  seen: readonly SeenRequest[],
): void {
  app.use('/__control/*', async (context, next) => {
    const { address } = getConnInfo(context).remote
    return address !== undefined && loopback.includes(address)
      ? next()
      : context.json({ error: 'loopback only' }, 403)
  })
  app.post('/__control/faults', async (context: Context) => {
    const faults = faultsSchema.safeParse(await bodyOf(context))
    if (!faults.success)
      return context.json(
        { error: faults.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) },
        400,
      )
    board.set(faults.data)
    return context.json({ faults: faults.data.length })
  })
  app.delete('/__control/faults', (context) => {
    board.set([])
    return context.json({ faults: 0 })
  })
  app.get('/__control/facts', (context) => context.json({ facts }))
  app.get('/__control/requests', (context) => context.json({ requests: seen }))
}
