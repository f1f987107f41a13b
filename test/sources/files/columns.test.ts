import { describe, expect, test } from 'vitest'
import { folderOf, loadOf } from '../../support/files.ts'

describe('columns whose names are whole numbers keep their place', () => {
  const utf16 = (text: string): Buffer =>
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
  const exported = 'cio_id,id,email,2024,plan\nc1,u1,ana@shop.test,yes,gold\n'

  test.each([
    ['an export', exported],
    ['an export that is read line by line', utf16(exported)],
    ['an export with a line that is none', `${exported}c2,u2\n`],
  ])('%s', async (_, content) => {
    const loaded = await loadOf(await folderOf({ 'people.csv': content }))
    expect(
      await loaded.rows('select cio_id, id, email, attributes::varchar as attributes from profile'),
    ).toEqual([
      {
        cio_id: 'c1',
        id: 'u1',
        email: 'ana@shop.test',
        attributes: '{"cio_id":"c1","id":"u1","email":"ana@shop.test","2024":"yes","plan":"gold"}',
      },
    ])
  })

  test('Pipelines files and warehouse files as CSV', async () => {
    const loaded = await loadOf(
      await folderOf({
        'a.tracks.csv':
          'id,user_id,7,event_text,sent_at,properties\nm-1,u-1,x,purchase,2026-11-20T10:00:00Z,{}\n',
        'people_v4_101_1.csv':
          'internal_customer_id,customer_id,7,email_addr,deleted\nc1,u1,x,ana@shop.test,false\n',
      }),
    )
    expect(await loaded.rows('select id, customer_id, name from activity')).toEqual([
      { id: 'm-1', customer_id: 'u-1', name: 'purchase' },
    ])
    expect(await loaded.rows('select cio_id, id, email from profile')).toEqual([
      { cio_id: 'c1', id: 'u1', email: 'ana@shop.test' },
    ])
  })
})

describe('of columns that differ in case only', () => {
  const addresses = async (header: string, row: string): Promise<unknown> => {
    const loaded = await loadOf(await folderOf({ 'people.csv': `${header}\n${row}\n` }))
    return await loaded.rows('select id, email, attributes::varchar as attributes from profile')
  }

  test.each(['Email,email', 'EMAIL,email', 'email,Email'])('%s: the exact one counts', async (columns) => {
    const isFirst = columns.startsWith('email')
    expect(await addresses(`cio_id,id,${columns}`, `c1,u1,${isFirst ? 'a@b.c,x' : 'x,a@b.c'}`)).toMatchObject(
      [{ id: 'u1', email: 'a@b.c', attributes: expect.stringContaining('"email":"a@b.c"') }],
    )
  })

  test('the other one is an attribute; it counts where it is alone', async () => {
    expect(await addresses('cio_id,id,Email,email', 'c1,u1,x,a@b.c')).toMatchObject([
      { attributes: '{"cio_id":"c1","id":"u1","Email":"x","email":"a@b.c"}' },
    ])
    expect(await addresses('cio_id,ID,Email,E-Mail', 'c1,u1,a@b.c,x')).toMatchObject([
      { id: 'u1', email: 'a@b.c' },
    ])
  })
})

test.each([
  'user_id,previous_id',
  'anonymous_id,properties,name',
  'timestamp,user_id,traits',
  'group_id,traits',
  'broadcast_id,name',
  'delivery_id,metric,created_at',
  'internal_customer_id,customer_id,deleted',
])('an export may have attributes named %s', async (attributes) => {
  const values = attributes.replaceAll(/\w+/g, '2026-11-20')
  const loaded = await loadOf(
    await folderOf({ 'a.csv': `cio_id,id,email,${attributes}\nc1,u1,ana@shop.test,${values}\n` }),
  )
  expect(loaded.streams).toEqual(['people: 1/0 complete'])
  expect(await loaded.rows('select cio_id, id, email from profile')).toEqual([
    { cio_id: 'c1', id: 'u1', email: 'ana@shop.test' },
  ])
})
