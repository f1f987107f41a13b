import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Activity, Customer, CustomerIo, Received } from '../../src/customerio/index.ts'
import { raw } from '../../src/engine/sql.ts'
import { openSnapshot } from '../../src/snapshot/index.ts'
import { pullPerson } from '../../src/sources/app-api/person.ts'
import { tempFolder } from '../support/cli.ts'

const fits = <T>(value: T): Received<T> => ({ fits: true, value, raw: null })
const since = new Date('2026-11-01T00:00:00Z')
/** Hours after the beginning of the window. */
const event = (name: string, hours: number): Received<Activity> =>
  fits({
    id: name,
    type: 'event',
    name,
    cioId: 'c1',
    customerId: 'u1',
    email: null,
    deliveryId: null,
    deliveryType: null,
    at: new Date(since.getTime() + hours * 3_600_000),
    data: '{}',
    rest: null,
  })
const customer: Customer = {
  cioId: 'c1',
  id: 'u1',
  email: null,
  phone: null,
  createdAt: null,
  isUnsubscribed: false,
  attributes: '{}',
  attributeTimes: null,
  rest: null,
  devices: [],
}

/** What was read of somebody whose activities come in these pages, and whether that was all of the window. */
async function readOf(...pages: readonly (readonly Received<Activity>[])[]) {
  const client = {
    searchPeople: () => ({ records: [fits({ cioId: 'c1' })], next: null }),
    readCustomers: () => ({ records: [fits(customer)] }),
    activities: ({ start }: { start: string | null }) => {
      const at = Number(start ?? 0)
      return { records: pages[at] ?? [], next: at + 1 < pages.length ? String(at + 1) : null }
    },
    campaigns: () => ({ records: [] }),
    segmentsOf: () => ({ records: [] }),
  } as unknown as CustomerIo
  const stateDir = join(await tempFolder(onTestFinished), 'state')
  const snapshot = await openSnapshot({ stateDir, access: 'write' })
  await pullPerson(snapshot, client, { identifier: 'u1', types: ['id'], since })
  const names = await snapshot.rows(raw('select name from activity order by "at" desc'))
  const [stream] = await snapshot.rows(
    raw("select complete from stream where name like 'activities%' order by name limit 1"),
  )
  await snapshot.close()
  return { names: names.map(({ name }) => name), complete: stream?.['complete'] }
}

test('whoever has the address in its plain spelling is asked for, too', async () => {
  const asked: unknown[] = []
  const client = {
    searchPeople: (_: unknown, __: unknown, filter: unknown) => {
      asked.push(filter)
      return { records: [fits({ cioId: 'c1' })], next: null }
    },
    readCustomers: () => ({ records: [fits({ ...customer, email: ' Ana@Shop.test' })] }),
    activities: () => ({ records: [], next: null }),
    campaigns: () => ({ records: [] }),
    segmentsOf: () => ({ records: [] }),
  } as unknown as CustomerIo
  const stateDir = join(await tempFolder(onTestFinished), 'state')
  const snapshot = await openSnapshot({ stateDir, access: 'write' })
  await pullPerson(snapshot, client, { identifier: 'u1', types: ['id'], since })
  await snapshot.close()
  const values = [' Ana@Shop.test', 'ana@shop.test']
  expect(asked.at(-1)).toEqual({
    or: values.flatMap((value) =>
      ['email', 'id'].map((field) => ({ attribute: { field, operator: 'eq', value } })),
    ),
  })
})

test('a phone number is looked for without its spaces, too', async () => {
  const asked: unknown[] = []
  const client = {
    searchPeople: (_: unknown, __: unknown, filter: unknown) => {
      asked.push(filter)
      return { records: [], next: null }
    },
  } as unknown as CustomerIo
  const stateDir = join(await tempFolder(onTestFinished), 'state')
  const snapshot = await openSnapshot({ stateDir, access: 'write' })
  for (const identifier of [' +49 (151) 12-34', '+491511234'])
    expect(await pullPerson(snapshot, client, { identifier, types: ['phone'], since })).toBe(null)
  await snapshot.close()
  const filter = (...numbers: readonly string[]) => ({
    or: numbers.map((value) => ({ attribute: { field: 'phone', operator: 'eq', value } })),
  })
  expect(asked).toEqual([filter('+49 (151) 12-34', '+491511234'), filter('+491511234')])
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
