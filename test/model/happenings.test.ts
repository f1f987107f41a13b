import { expect, test } from 'vitest'
import { raw } from '../../src/engine/sql.ts'
import { setApart } from '../../src/model/happenings.ts'
import type { Cell } from '../../src/engine/database.ts'
import { modelOver, planOf, rowsOf, snapshotRows, type Fields, type Rows } from '../support/workspace.ts'

test('only the rows that are asked for are set apart, payloads and all', async () => {
  const events = ['a', 'b', 'c'].map((id) => ({
    id,
    cio_id: 'a1',
    name: `event_${id}`,
    at: '2026-11-20T10:00:00Z',
    data: { of: id },
  }))
  const db = await modelOver(snapshotRows({ events }), planOf({}))
  await setApart(db, 'chosen', `select seq from stored where id <> 'b'`)
  const rows = await db.rows(raw('select id, name, data::varchar as data from chosen order by id'))
  db.close()
  expect(rows).toEqual([
    { id: 'a', name: 'event_a', data: '{"of":"a"}' },
    { id: 'c', name: 'event_c', data: '{"of":"c"}' },
  ])
})

const inWindow = '2026-11-20T10:00:00Z'
const activity = (id: string, said: Fields): Fields => ({
  id,
  type: 'event',
  name: `event_${id}`,
  at: new Date(inWindow),
  data: '{}',
  source: 'pipelines',
  ...said,
})
const known: Rows = {
  ...rowsOf('profile', [{ cio_id: 'c1', id: 'u1', attributes: '{"id":"u1"}', source: 'app-api' }]),
  ...rowsOf('call', [
    {
      id: 'call',
      kind: 'identify',
      user_id: 'u1',
      anonymous_id: 'a1',
      at: new Date(inWindow),
      received_at: new Date(inWindow),
      data: '{}',
      source: 'pipelines',
    },
  ]),
}

/** Events by their id, and whose they are. */
async function happened(
  activities: readonly Fields[],
  beside = known,
  named = ['c1'],
): Promise<Record<string, Cell>> {
  const db = await modelOver({ ...beside, ...rowsOf('activity', activities) }, planOf({}))
  const rows = await db.rows(
    raw('select h.id, c.cio_id from happening h left join caller c using (who) order by h.id'),
  )
  const people = await db.rows(raw('select cio_id from person order by cio_id'))
  db.close()
  // Whoever did something, and the profile: nobody else is made up.
  const acted = rows.map(({ cio_id: cioId }) => String(cioId))
  expect(people.map(({ cio_id: cioId }) => cioId)).toEqual([...new Set([...named, ...acted])].toSorted())
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  return Object.fromEntries(rows.map(({ id, cio_id: cioId }) => [String(id), cioId ?? null]))
}

test('in files people are named by user or by visitor, and a visitor whom nobody identified stays one', async () => {
  expect(
    await happened([
      activity('user', { customer_id: 'u1', anonymous_id: 'v1' }),
      activity('unknown-user', { customer_id: 'u2' }),
      activity('visit-of-user', { anonymous_id: 'a1' }),
      activity('visit', { anonymous_id: 'v9' }),
      activity('visit-again', { anonymous_id: 'v9' }),
    ]),
  ).toEqual({
    user: 'c1',
    'unknown-user': 'id:u2',
    'visit-of-user': 'c1',
    visit: 'anon:v9',
    'visit-again': 'anon:v9',
  })
})

test('over the API people are named by their cio_id, beside files too', async () => {
  const overApi = activity('api', { cio_id: 'c1', source: 'app-api' })
  const ofStranger = activity('stranger', { cio_id: 'c7', source: 'app-api' })
  expect(await happened([overApi, ofStranger])).toEqual({ api: 'c1', stranger: 'c7' })
  expect(await happened([overApi, ofStranger, activity('file', { customer_id: 'u1' })])).toEqual({
    api: 'c1',
    stranger: 'c7',
    file: 'c1',
  })
})

test('what came both ways stands there once, and what is no event of the window does not', async () => {
  const cart = { name: 'add_to_cart', data: '{"sku":"a"}' }
  const said = await happened([
    activity('file', { ...cart, customer_id: 'u1' }),
    activity('api', { ...cart, cio_id: 'c1', source: 'app-api' }),
    activity('nameless', { name: null, customer_id: 'u1' }),
    activity('push', { type: 'sent_push', customer_id: 'u1' }),
    activity('early', { at: new Date('2026-10-24T11:59:59Z'), customer_id: 'u1' }),
    activity('late', { at: new Date('2026-11-23T12:00:01Z'), customer_id: 'u1' }),
    activity('page', { type: 'page', customer_id: 'u1' }),
  ])
  expect(said).toEqual({ file: 'c1', page: 'c1' })
})

test('where nobody is known yet, visitors and the people of the API are all there is', async () => {
  const said = await happened(
    [activity('visit', { anonymous_id: 'v9' }), activity('api', { cio_id: 'c7', source: 'app-api' })],
    {},
    [],
  )
  expect(said).toEqual({ visit: 'anon:v9', api: 'c7' })
})
