import { expect, test } from 'vitest'
import type { Customer, Received } from '../../src/customerio/index.ts'
import { customerPage } from '../../src/sources/app-api/customer-page.ts'

const person = (cioId: string, devices: readonly unknown[] = []): Received<Customer> => ({
  fits: true,
  raw: null,
  value: {
    cioId,
    id: null,
    email: null,
    phone: null,
    createdAt: null,
    isUnsubscribed: false,
    attributes: '{}',
    attributeTimes: null,
    rest: null,
    devices,
  },
})

test('whoever was left out is absent', () => {
  const page = customerPage([person('a'), person('c')], ['a', 'b', 'c'], 1)
  expect(page.rows?.absent).toEqual([['b']])
  expect(page).toMatchObject({ read: 2, rejects: [] })
})

test('nobody is called absent while a record could not be read: it may be theirs', () => {
  const page = customerPage(
    [person('a'), { fits: false, reason: 'no', raw: '{}' }, person('c')],
    ['a', 'b', 'c'],
    1,
  )
  expect(page.rows?.absent).toEqual([])
  expect(page.rejects).toEqual([{ position: 'page 1, record 2', reason: 'no', raw: '{}' }])
})

test('somebody else, or the same one twice, is set aside', () => {
  const page = customerPage([person('a'), person('z'), person('a')], ['a'], 3)
  expect(page.rows?.profile?.map(([cioId]) => cioId)).toEqual(['a'])
  expect(page.rejects).toMatchObject([
    { position: 'page 3, record 2', reason: 'not one of the people asked for' },
    { position: 'page 3, record 3', reason: 'not one of the people asked for' },
  ])
})

test('a device that does not fit is set aside alone', () => {
  const page = customerPage([person('a', [{ id: 'tok', platform: 'ios' }, { platform: 'ios' }])], ['a'], 1)
  expect(page.rows?.device?.map(([cioId, token]) => [cioId, token])).toEqual([['a', 'tok']])
  expect(page.rows?.profile).toHaveLength(1)
  expect(page.rejects).toMatchObject([
    { position: 'page 1, record 1, device 2', reason: 'device id: expected text, found nothing' },
  ])
})
