import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createClient } from '../../src/customerio/index.ts'
import { raw } from '../../src/engine/sql.ts'
import { openSnapshot } from '../../src/snapshot/index.ts'
import { phoneSpellings } from '../../src/model/people.ts'
import { pullPerson } from '../../src/sources/app-api/person.ts'
import { serve } from '../customerio/server.ts'
import { tempFolder } from '../support/cli.ts'

const since = new Date('2026-11-01T00:00:00Z')
/** Hours after the beginning of the window. */
const event = (name: string, hours: number) => ({
  id: name,
  type: 'event',
  name,
  customer_id: 'u1',
  customer_identifiers: { cio_id: 'c1', id: 'u1' },
  timestamp: since.getTime() / 1000 + hours * 3600,
  data: {},
})
type Event = ReturnType<typeof event>

interface Workspace {
  /** Of the one person, whom every search finds; null where nobody is found. */
  readonly email: string | null
  readonly pages: readonly (readonly Event[])[]
}

/** A server that knows one person; the simulator makes no pages of activities to order. */
async function personApi({ email, pages }: Workspace) {
  const { url, requests } = await serve((_, { path, query }) => {
    const at = Number(new URLSearchParams(query).get('start') ?? 0)
    const identifiers = { cio_id: 'c1', id: 'u1', email }
    const answers: Readonly<Record<string, unknown>> = {
      '/v1/customers': { identifiers: email === null ? [] : [identifiers] },
      '/v1/customers/attributes': {
        customers: [{ identifiers, attributes: { id: 'u1', email }, devices: [] }],
      },
      '/v1/activities': { activities: pages[at] ?? [], next: at + 1 < pages.length ? String(at + 1) : '' },
      '/v1/campaigns': { campaigns: [] },
    }
    return { status: 200, body: JSON.stringify(answers[path] ?? { segments: [] }) }
  })
  const filters = () =>
    requests
      .filter(({ path, method }) => path === '/v1/customers' && method === 'POST')
      .map(({ body }) => (JSON.parse(body) as { filter: unknown }).filter)
  return { client: createClient({ appKey: 'a-key', baseUrl: url, backOffBaseMs: 1 }), filters }
}

async function newSnapshot() {
  const stateDir = join(await tempFolder(onTestFinished), 'state')
  return await openSnapshot({ stateDir, access: 'write' })
}

/** What was read of somebody whose activities come in these pages, and whether that was all of the window. */
async function readOf(...pages: readonly (readonly Event[])[]) {
  const { client } = await personApi({ email: 'ana@shop.test', pages })
  const snapshot = await newSnapshot()
  await pullPerson(snapshot, client, { identifier: 'u1', types: ['id'], phones: [], since })
  const names = await snapshot.rows(raw('select name from activity order by "at" desc'))
  const [stream] = await snapshot.rows(
    raw("select complete from stream where name like 'activities%' order by name limit 1"),
  )
  await snapshot.close()
  return { names: names.map(({ name }) => name), complete: stream?.['complete'] }
}

test('whoever has the address in its plain spelling is asked for, too', async () => {
  const { client, filters } = await personApi({ email: ' Ana@Shop.test', pages: [] })
  const snapshot = await newSnapshot()
  await pullPerson(snapshot, client, { identifier: 'u1', types: ['id'], phones: [], since })
  await snapshot.close()
  const values = [' Ana@Shop.test', 'ana@shop.test']
  expect(filters().at(-1)).toEqual({
    or: values.flatMap((value) =>
      ['email', 'id'].map((field) => ({ attribute: { field, operator: 'eq', value } })),
    ),
  })
})

test('a phone number is looked for in every spelling that it is kept in', async () => {
  const { client, filters } = await personApi({ email: null, pages: [] })
  const snapshot = await newSnapshot()
  for (const identifier of [' +49 (1) 2-3', '+49 170 1234567', '0170 1234567']) {
    const phones = phoneSpellings(identifier, 'DE')
    expect(await pullPerson(snapshot, client, { identifier, types: ['phone'], phones, since })).toBe(null)
  }
  await snapshot.close()
  const filter = (...numbers: readonly string[]) => ({
    or: numbers.map((value) => ({ attribute: { field: 'phone', operator: 'eq', value } })),
  })
  expect(filters()).toEqual([
    filter('+49 (1) 2-3', '+49123'),
    filter('+49 170 1234567', '+491701234567', '01701234567'),
    filter('0170 1234567', '01701234567', '+491701234567'),
  ])
})

test('a backdated activity at the end of a page ends nothing', async () => {
  expect(await readOf([event('cart', 50), event('till', -90)], [event('purchase', 40)])).toEqual({
    names: ['cart', 'purchase', 'till'],
    complete: true,
  })
})

test('a whole page before the window ends it, and what is left after three pages is said', async () => {
  expect(await readOf([event('cart', 50)], [event('old', -1)], [event('older', -2)])).toEqual({
    names: ['cart', 'old'],
    complete: true,
  })
  const four = [4, 3, 2, 1].map((hours) => [event(`cart ${hours}`, hours)])
  expect(await readOf(...four)).toEqual({ names: ['cart 4', 'cart 3', 'cart 2'], complete: false })
})
