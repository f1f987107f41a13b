import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.ts'

export const now = new Date('2026-11-23T12:00:00Z')

export function startShop(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  return startSimulator({ people: 300, seed: 20_261_123, variant: 'broken', now, ...options })
}

export type Json = Record<string, unknown>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Json
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? (JSON.parse(text) as Json) : {},
  }
}

/** Plain App API calls, as little clever as can be. */
export function appOf({ appUrl, appKey }: Simulator) {
  const headers = { authorization: `Bearer ${appKey}`, 'content-type': 'application/json' }
  return {
    get: async (path: string): Promise<Answer> => read(await fetch(`${appUrl}${path}`, { headers })),
    post: async (path: string, body: unknown): Promise<Answer> =>
      read(await fetch(`${appUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })),
    raw: (path: string): Promise<Response> => fetch(`${appUrl}${path}`, { headers }),
  }
}
export type App = ReturnType<typeof appOf>

/** Everything behind a cursor. */
export async function all(page: (cursor: string) => Promise<Answer>, list: string): Promise<Json[]> {
  const records: Json[] = []
  let cursor = ''
  do {
    const { body } = await page(cursor)
    records.push(...(body[list] as Json[]))
    cursor = String(body['next'] ?? '')
  } while (cursor !== '')
  return records
}

export const everyone = { filter: { and: [{ attribute: { field: 'cio_id', operator: 'exists' } }] } }

export const withStart = (path: string, cursor: string): string =>
  cursor === '' ? path : `${path}${path.includes('?') ? '&' : '?'}start=${encodeURIComponent(cursor)}`
