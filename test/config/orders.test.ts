import { expect, test } from 'vitest'
import { loadOrders } from '../../src/config/index.ts'
import type { ShopOrder } from '../../src/core/order.ts'
import { inFolder, usageError } from './support.ts'

const header = 'order_id,ordered_at,customer_id,email,total,currency,platform\n'

interface Read {
  readonly orders: readonly ShopOrder[]
  readonly notices: readonly string[]
  readonly sha256: string
  readonly batches: number
}

const load = (csv: string | Uint8Array): Promise<Read> =>
  inFolder({ 'orders.csv': csv }, async (folder) => {
    const file = await loadOrders('orders.csv', folder)
    if (file === null) throw new Error('nothing was read')
    const orders: ShopOrder[] = []
    let batches = 0
    for await (const batch of file.batches()) {
      orders.push(...batch)
      batches += 1
    }
    return { orders, notices: file.notices, sha256: file.sha256, batches }
  })
const errorOf = async (csv: string | Uint8Array): Promise<string> =>
  (await inFolder({ 'orders.csv': csv }, (folder) => usageError(() => loadOrders('orders.csv', folder))))
    .message
const rowOf = async (row: string): Promise<ShopOrder | undefined> =>
  (await load(`${header}${row}\n`)).orders[0]
const timeOf = async (time: string): Promise<string | undefined> =>
  (await rowOf(`1,${time},,,,,`))?.orderedAt.toISOString()

test('no flag, no orders', async () => {
  expect(await loadOrders(undefined, '.')).toBeNull()
})

test('all that a row says', async () => {
  const { orders, notices, sha256 } = await load(
    `${header} #1001 , 2026-11-20T10:00:00Z , u-1 , Ana@Shop.test , 12.50 , eur , iOS \n1002,1763632800,,,,,\n`,
  )
  expect(orders).toEqual([
    {
      line: 2,
      number: '#1001',
      orderedAt: new Date('2026-11-20T10:00:00Z'),
      customerId: 'u-1',
      email: 'Ana@Shop.test',
      total: 12.5,
      currency: 'EUR',
      platform: 'iOS',
    },
    {
      line: 3,
      number: '1002',
      orderedAt: new Date('2025-11-20T10:00:00Z'),
      customerId: null,
      email: null,
      total: null,
      currency: null,
      platform: null,
    },
  ])
  expect(notices).toEqual([])
  expect(sha256).toMatch(/^[0-9a-f]{64}$/)
})

test('the bytes count, not what they say', async () => {
  const one = await load(`${header}1,1763632800,,,,,\n`)
  expect((await load(`${header}1,1763632800,,,,,`)).sha256).not.toBe(one.sha256)
  expect((await load(`${header}1,1763632800,,,,,\n`)).sha256).toBe(one.sha256)
})

test.each([
  ['semicolons', 'ORDER_ID;Ordered_At;email;total;currency\n7;1763632800;a@b.test;1,5;EUR\n', 1.5],
  ['tabs', 'order_id\tordered_at\temail\ttotal\tcurrency\n7\t1763632800\ta@b.test\t1\tEUR\n', 1],
  ['a byte order mark', '\uFEFForder_id,ordered_at,email,total,currency\n7,1763632800,a@b.test,1,EUR\n', 1],
  [
    'other columns, in another order',
    'x,currency,total,customer_id,ordered_at,order_id\n,EUR,-2,a@b.test,1763632800,7\n',
    -2,
  ],
  ['Windows line ends', 'order_id,ordered_at,email,total,currency\r\n7,1763632800,a@b.test,3,EUR\r\n', 3],
])('%s', async (_, csv, total) => {
  const { orders } = await load(csv)
  expect(orders).toHaveLength(1)
  expect(orders[0]).toMatchObject({ number: '7', total, currency: 'EUR' })
  expect([orders[0]?.email, orders[0]?.customerId]).toContain('a@b.test')
})

test.each([
  ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T10:00:00.25+01:00', '2026-11-20T09:00:00.250Z'],
  ['2026-11-20 10:00:00 -0530', '2026-11-20T15:30:00.000Z'],
  ['2026-11-20 10:00 +01', '2026-11-20T09:00:00.000Z'],
  ['2026-11-20 10:00:00 UTC', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T10:00:00', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['1763632800.5', '2025-11-20T10:00:00.500Z'],
  ['999999999', '2001-09-09T01:46:39.000Z'],
])('the time %s', async (text, at) => {
  expect(await timeOf(text)).toBe(at)
})

test('times without a zone are told', async () => {
  const { notices } = await load(
    `${header}1,2026-11-20T10:00:00,,,,,\n2,2026-11-20,,,,,\n3,2026-11-20T10:00Z,,,,,\n`,
  )
  expect(notices).toEqual(['orders.csv: times without a time zone are taken for UTC (2 of them).'])
})

test.each([
  'yesterday',
  '20.11.2026',
  '2026-02-30T10:00:00Z',
  '2026-11-20T25:00:00Z',
  '1763632800000',
  '12345678',
  '2026-11-20T10:00:00+99:00',
  '',
])('no time: %s', async (text) => {
  expect(await errorOf(`${header}1,${text},,,,,\n`)).toMatch(
    /^orders\.csv:2:3: ordered_at: found .+, allowed is a time such as/,
  )
})

test('every mistake with line and column, also behind quotation marks and line breaks', async () => {
  const csv = `${header}1,1763632800,u,,1,EUR,
"a
b",1763632800,"x, ""y""",,1 299,EUR,

,1763632800,,,,,
2,1763632800,,,,Euro,
3,1763632800,,
`
  expect(await errorOf(csv)).toBe(`orders.csv:4:27: total: found "1 299", allowed is a number such as 1299.00
orders.csv:6:1: order_id: found nothing, allowed is the number of the order
orders.csv:7:17: currency: found "Euro", allowed is a code of three letters such as EUR
orders.csv:8:1: it has 4 cells and the header 7`)
})

test('after ten mistakes it is enough', async () => {
  const message = await errorOf(header + '1,never,,,,,\n'.repeat(12))
  expect(message.split('\n')).toHaveLength(10)
})

test.each([
  ['empty', '', /The file of orders orders\.csv is empty\./],
  [
    'the header alone is a file',
    'a,b\n',
    /orders\.csv:1:1: the first row has no column order_id, nor ordered_at, nor total, nor currency, nor customer_id or email/,
  ],
  [
    'no customer',
    'order_id,ordered_at,total,currency\n',
    /the first row has no column customer_id or email$/,
  ],
  ['an open quotation mark', `${header}1,"1763632800,,,,,\n`, /breaks off in line \d+: a quotation mark/],
  [
    'a quotation mark that swallows the rest',
    `${header}1,"${'x,\n'.repeat(60_000)}`,
    /breaks off in line \d+: a quotation mark/,
  ],
  ['no text', `${header}1,\u0000,,,,,\n`, /holds bytes that are no text/],
  ['not UTF-8', Buffer.from(`${header}\xff,,,,,,\n`, 'latin1'), /orders\.csv is not UTF-8 text/],
  [
    'what a spreadsheet calls Unicode',
    Buffer.from(`\ufeff${header}`, 'utf16le'),
    /orders\.csv is UTF-16 text, not UTF-8\./,
  ],
  [
    'half a character',
    Buffer.concat([Buffer.from(`${header}1,1763632800,,,,,`), Buffer.from([0xc3])]),
    /orders\.csv is not UTF-8 text/,
  ],
])('%s: told', async (_, csv, words) => {
  expect(await errorOf(csv)).toMatch(words)
})

test('a header alone holds no orders', async () => {
  expect((await load(header)).orders).toEqual([])
})

test('what is no file', async () => {
  const missing = await inFolder({}, (folder) => usageError(() => loadOrders('o.csv', folder)))
  expect(missing.message).toBe('The file of orders o.csv does not exist.')
  const folderItself = await inFolder({}, (folder) => usageError(() => loadOrders('.', folder)))
  expect(folderItself.message).toMatch(/^The file of orders \. is/)
})

test('a file that is written to while it is read', async () => {
  const { writeFile } = await import('node:fs/promises')
  const { join } = await import('node:path')
  const error = await inFolder({ 'orders.csv': header }, async (folder) => {
    const file = await loadOrders('orders.csv', folder)
    await writeFile(join(folder, 'orders.csv'), `${header}1,1763632800,,,,,\n`)
    return usageError(async () => {
      for await (const batch of file?.batches() ?? []) expect(batch.length).toBe(1)
    })
  })
  expect(error.message).toBe('The file of orders orders.csv was changed while it was read.')
})

test('many orders come in parts', async () => {
  const rows = Array.from({ length: 12_000 }, (_, n) => `${n},1763632800,u-${n},,1,EUR,\n`).join('')
  const { orders, batches } = await load(header + rows)
  expect(orders.map(({ number }) => Number(number))).toEqual(Array.from({ length: 12_000 }, (_, n) => n))
  expect(orders.at(-1)?.line).toBe(12_001)
  expect(batches).toBe(3)
})
