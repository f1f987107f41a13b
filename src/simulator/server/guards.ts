import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono, MiddlewareHandler, Next } from 'hono'
import { bendPage, cutLine, htmlPage } from './broken-answers.ts'
import type { Fault, FaultBoard } from './faults.ts'
import { appError } from './replies.ts'

export interface Keys {
  readonly appKey: string
  readonly siteId: string
  readonly trackKey: string
}

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly status: number
}

type Env = { Bindings: HttpBindings }

/** The App API takes the App key and nothing else; a Track key there is the mistake that everybody makes once. */
function appGuard({ appKey }: Keys): MiddlewareHandler {
  return async (context, next) => {
    if (context.req.header('authorization') === `Bearer ${appKey}`) return next()
    return appError(context, 401, 'unauthorized', 'invalid_credentials')
  }
}

/** Track answers a wrong key with 401 and an empty body. */
function trackGuard({ siteId, trackKey }: Keys): MiddlewareHandler {
  const expected = `Basic ${Buffer.from(`${siteId}:${trackKey}`).toString('base64')}`
  return async (context, next) =>
    context.req.header('authorization') === expected ? next() : context.body(null, 401)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Answers that a fault gives instead of the real one. */
function refusal(context: Context, fault: Fault): Response | null {
  switch (fault.kind) {
    case 'rate-limit':
      if (fault.retryAfter) context.header('retry-after', '1')
      return appError(context, 429, `rate limited to ${fault.perSecond} requests per 1s`)
    case 'server-error':
      return appError(context, fault.status as 500, 'something went wrong')
    case 'html':
      return context.body(htmlPage(fault.status), fault.status as 502, { 'content-type': 'text/html' })
    case 'forbidden':
      return appError(context, 403, 'this key has no access to this endpoint')
    case 'wrong-region':
      return context.req.path.startsWith('/api/')
        ? context.body(null, 401)
        : appError(context, 401, 'unauthorized', 'invalid_credentials')
    default:
      return null
  }
}

/** Faults that bend or break the answer after it was made. */
async function bend(context: Context<Env>, faults: readonly Fault[], turn: number): Promise<void> {
  if (context.res.status !== 200) return
  for (const fault of faults) {
    const text = await context.res.text()
    if (fault.kind === 'reset') {
      cutLine(context.env.outgoing, text)
      // Assigning over an answer would copy its headers on top; the marker has to arrive as it is.
      context.res = undefined
      context.res = RESPONSE_ALREADY_SENT
      return
    }
    if (fault.kind === 'truncate') {
      context.res = new Response(text.slice(0, Math.ceil(text.length * 0.6)), context.res)
      continue
    }
    const page = bendPage(
      fault,
      JSON.parse(text) as Record<string, unknown>,
      context.req.query('start'),
      turn,
    )
    context.res = Response.json(page)
  }
}

export function guard(
  app: Hono<Env>,
  keys: Keys,
  board: FaultBoard,
  seen: SeenRequest[],
  log: (line: string) => void,
): void {
  let turn = 0
  app.use('*', async (context: Context<Env>, next: Next) => {
    const { method, path } = context.req
    if (path.startsWith('/__control/')) return next()
    turn += 1
    const mine = turn
    const faults = board.meet(path, performance.now())
    for (const fault of faults) if (fault.kind === 'slow') await pause(fault.ms)
    const refused = faults.map((fault) => refusal(context, fault)).find((response) => response !== null)
    if (refused === undefined) {
      await next()
      const bending = faults.filter(({ kind }) =>
        ['reset', 'truncate', 'empty-page', 'repeat-cursor', 'unknown-shape'].includes(kind),
      )
      const { status } = context.res
      await bend(context, bending, mine)
      note(status)
      return
    }
    note(refused.status)
    return refused

    function note(status: number): void {
      seen.push({ method, path, query: context.req.query(), status })
      log(`${method} ${path} ${status}`)
    }
  })
  app.use('/v1/*', appGuard(keys))
  app.use('/api/*', trackGuard(keys))
}
