import type { ServerResponse } from 'node:http'
import { cursorAt, positionOf } from './cursors.ts'
import type { Fault } from './faults.ts'

/** The list in a page, by endpoint: the first of these members that is an array. */
const lists = [
  'activities',
  'identifiers',
  'customers',
  'segments',
  'campaigns',
  'actions',
  'messages',
  'results',
  'workspaces',
]

type Page = Record<string, unknown>

/** What no reader expects of a record: each lacks or bends something else. */
const strangers: readonly ((good: Record<string, unknown>) => unknown)[] = [
  ({ id: _id, cio_id: _cioId, ...rest }) => rest,
  (good) => ({
    ...good,
    timestamp: 'yesterday',
    attributes: ['plan', 'pro'],
    cio_id: { value: 'd9c1' },
    devices: 'none',
  }),
  () => null,
  () => 'a line of text',
  () => [],
]

function stranger(turn: number, good: unknown): unknown {
  const isWrapped = typeof good === 'object' && good !== null && 'customer' in good
  const inside = isWrapped ? good.customer : good
  const record = (typeof inside === 'object' && inside !== null ? inside : {}) as Record<string, unknown>
  const made = strangers[turn % strangers.length]?.(record)
  if (made === null || typeof made !== 'object' || Array.isArray(made)) return made
  // A person who lost `id` could still be recognised by `identifiers`: bend the attributes as well.
  const bent = 'attributes' in made ? { ...made, attributes: ['plan', 'pro'] } : made
  return isWrapped ? { customer: bent } : bent
}

/** Faults that bend the content of a page that was answered well. */
export function bendPage(fault: Fault, page: Page, start: string | undefined, turn: number): Page {
  const list = lists.find((name) => Array.isArray(page[name]))
  const records = list === undefined ? [] : (page[list] as unknown[])
  if (fault.kind === 'repeat-cursor')
    return start === undefined || start === '' ? page : { ...page, next: start }
  if (fault.kind === 'empty-page') {
    // The page goes out empty and the cursor begins again at the same place, so nothing is lost to who goes on.
    const next = cursorAt(positionOf(start) ?? 'first', turn + 1)
    return {
      ...page,
      ...(list === undefined ? {} : { [list]: [] }),
      ...('ids' in page ? { ids: [] } : {}),
      next,
    }
  }
  if (fault.kind !== 'unknown-shape' || list === undefined) return page
  const strange = Array.from({ length: fault.count }, (_, index) =>
    stranger(index, records[index % Math.max(1, records.length)] ?? {}),
  )
  return { ...page, [list]: [...strange, ...records] }
}

export const htmlPage = (status: number): string =>
  `<!DOCTYPE html><html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr><center>cloudfront</center></body></html>`

/** Promises the whole body, sends half of it, and cuts the line. */
export function cutLine(outgoing: ServerResponse, body: string): void {
  outgoing.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body) + 1,
  })
  outgoing.write(body.slice(0, Math.ceil(body.length / 2)), () => outgoing.socket?.destroy())
}
