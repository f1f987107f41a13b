import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  readonly at: number
}

/**
 * A plain HTTP server for what a Customer.io would never send (half a pair, 64 MB, a redirect); the simulator serves
 * whatever it would. `answer` gets the number of the request, from 0; null means that it answers by itself.
 */
export async function serve(
  answer: (
    n: number,
    request: Seen,
    raw: { request: IncomingMessage; response: ServerResponse },
  ) => Reply | null,
): Promise<{ readonly url: string; readonly requests: Seen[] }> {
  const requests: Seen[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      const seen: Seen = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.search,
        body: Buffer.concat(chunks).toString(),
        at: performance.now(),
      }
      requests.push(seen)
      const reply = answer(requests.length - 1, seen, { request, response })
      if (reply)
        response
          .writeHead(reply.status, reply.headers ?? { 'content-type': 'application/json' })
          .end(reply.body ?? '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}
