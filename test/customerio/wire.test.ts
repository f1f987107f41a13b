import { describe, expect, test } from 'vitest'
import { parseJson } from '../../src/customerio/json.ts'
import { activitySchema } from '../../src/customerio/wire/activity.ts'
import { customerSchema, deviceSchema } from '../../src/customerio/wire/customer.ts'
import { personSchema } from '../../src/customerio/wire/person.ts'
import { readPage } from '../../src/customerio/wire/received.ts'
import { workspaceSchema } from '../../src/customerio/wire/workspace.ts'

function answer(text: string) {
  return { json: parseJson(text), text }
}

function activities(...records: string[]) {
  return readPage(answer(`{"activities":[${records.join(',')}]}`), 'activities', activitySchema, 'host')
    .records
}

describe('an activity', () => {
  test('in full', () => {
    const [record] =
      activities(`{"id":"01J9Z6W3Q0K4V0S3R1TB5N8E7M","type":"event","name":"order_placed","timestamp":1728570000,
      "customer_id":"u-1","customer_identifiers":{"cio_id":"d9c1","id":"u-1","email":"ana@example.com"},
      "data":{"total":23.45,"big":12345678901234567890,"b":[1,{"x":null}]}}`)
    expect(record).toEqual({
      fits: true,
      raw: null,
      value: {
        id: '01J9Z6W3Q0K4V0S3R1TB5N8E7M',
        type: 'event',
        name: 'order_placed',
        cioId: 'd9c1',
        customerId: 'u-1',
        email: 'ana@example.com',
        at: new Date('2024-10-10T14:20:00Z'),
        deliveryId: null,
        deliveryType: null,
        data: '{"total":23.45,"big":12345678901234567890,"b":[1,{"x":null}]}',
        rest: null,
      },
    })
  })

  test.each([
    [
      'numbers for ids, past 2^53',
      '{"id":9007199254740993,"type":"event","timestamp":1,"customer_id":12345678901234567890}',
      { id: '9007199254740993', customerId: '12345678901234567890' },
    ],
    [
      'the name in its data',
      '{"id":"a","type":"event","timestamp":1,"data":{"name":"order_placed"}}',
      { name: 'order_placed' },
    ],
    [
      'no name from the data of other types',
      '{"id":"a","type":"attribute_change","timestamp":1,"data":{"name":"x"}}',
      { name: null },
    ],
    [
      'a type that nobody knows',
      '{"id":"a","type":"secondary:sent_email","timestamp":1}',
      { type: 'secondary:sent_email' },
    ],
    [
      'no identifiers',
      '{"id":"a","type":"event","timestamp":1,"customer_identifiers":null}',
      { cioId: null, email: null, rest: null },
    ],
    [
      'identifiers that are more',
      '{"id":"a","type":"event","timestamp":1,"customer_identifiers":{"cio_id":"c","phone":"+1"}}',
      { cioId: 'c', rest: '{"customer_identifiers":{"cio_id":"c","phone":"+1"}}' },
    ],
    [
      'a cio_id with the prefix of addresses',
      '{"id":"a","type":"event","timestamp":1,"customer_identifiers":{"cio_id":"cio_d9c1"}}',
      { cioId: 'd9c1' },
    ],
    [
      'empty texts',
      '{"id":"a","type":"event","timestamp":1,"name":"","customer_id":""}',
      { name: null, customerId: null },
    ],
    [
      'fields that nobody knows',
      '{"id":"a","type":"page","timestamp":1,"url":"https://x","__proto__":{"evil":true}}',
      { rest: '{"url":"https://x","__proto__":{"evil":true}}' },
    ],
    [
      'a time that is none',
      '{"id":"a","type":"event","timestamp":"yesterday"}',
      { at: null, rest: '{"timestamp":"yesterday"}' },
    ],
    ['no time', '{"id":"a","type":"event"}', { at: null, rest: null }],
    [
      'a time as text',
      '{"id":"a","type":"event","timestamp":"1728570000"}',
      { at: new Date('2024-10-10T14:20:00Z'), rest: '{"timestamp":"1728570000"}' },
    ],
    [
      'a time past all dates',
      '{"id":"a","type":"event","timestamp":99999999999999999999}',
      { at: null, rest: '{"timestamp":99999999999999999999}' },
    ],
    ['data that is no object', '{"id":"a","type":"event","timestamp":1,"data":[1]}', { data: '[1]' }],
  ])('with %s', (_, text, expected) => {
    expect(activities(text)).toMatchObject([{ fits: true, value: expected }])
  })

  test.each([
    ['no id', '{"type":"event","timestamp":1}', 'id: expected text, found nothing'],
    ['an empty id', '{"id":"","type":"event"}', 'id: expected text, found empty text'],
    ['an id that is an object', '{"id":{"v":1},"type":"event"}', 'id: expected text, found an object'],
    ['no type', '{"id":"a"}', 'type: expected text, found nothing'],
    ['nothing at all', 'null', 'record: expected an object, found null'],
    ['a list', '[]', 'record: expected an object, found a list'],
    ['a text', '"line"', 'record: expected an object'],
    ['a name that is a list', '{"id":"a","type":"event","name":["x"]}', 'name: expected text, found a list'],
  ])('that has %s is set aside with its reason, and its neighbours are not', (_, text, reason) => {
    const good = '{"id":"a","type":"event","timestamp":1}'
    const [before, bad, after] = activities(good, text, good)
    expect(before?.fits).toBe(true)
    expect(after?.fits).toBe(true)
    expect(bad).toMatchObject({ fits: false, raw: text })
    expect(bad?.fits === false && bad.reason).toContain(reason)
  })

  test('that is nested too deeply is set aside', () => {
    const deep = `{"id":"a","type":"event","data":${'['.repeat(200)}${']'.repeat(200)}}`
    const fine = `{"id":"b","type":"event","data":${'['.repeat(100)}${']'.repeat(100)}}`
    expect(activities(deep, fine)).toMatchObject([
      { fits: false, reason: 'nested deeper than 128 levels', raw: deep },
      { fits: true },
    ])
  })

  test('with half a surrogate pair is mended, and the original kept', () => {
    const text = '{"id":"a","type":"event","name":"x\\ud800","data":{"\\udfff":"\\ud83d\\ude00"}}'
    expect(activities(text)).toEqual([
      {
        fits: true,
        raw: '{"id":"a","type":"event","name":"x\\ud800","data":{"\\udfff":"\u{1f600}"}}',
        value: expect.objectContaining({ name: 'x\ufffd', data: '{"\ufffd":"\u{1f600}"}' }),
      },
    ])
  })
})

describe('a person of the bulk read', () => {
  const person = `{"id":"u-1","identifiers":{"cio_id":"d9c1","id":"u-1","email":"ana@example.com"},
    "attributes":{"email":"ana@example.com","phone":"+4915112345678","created_at":"1720000000","score":17,"vip":true,"tags":["a"],"none":null,"__proto__":"p"},
    "timestamps":{"email":1720000000},"unsubscribed":false,"devices":[{"id":"tok","platform":"ios"}],"extra":1}`
  const read = (text: string) =>
    readPage(answer(`{"customers":[${text}]}`), 'customers', customerSchema, 'host').records[0]

  test('is the same wrapped and bare', () => {
    expect(read(`{"customer":${person}}`)).toEqual(read(person))
    expect(read(person)).toMatchObject({
      fits: true,
      value: {
        cioId: 'd9c1',
        id: 'u-1',
        email: 'ana@example.com',
        phone: '+4915112345678',
        createdAt: new Date('2024-07-03T09:46:40Z'),
        isUnsubscribed: false,
        attributes:
          '{"email":"ana@example.com","phone":"+4915112345678","created_at":"1720000000","score":"17","vip":"true","tags":"[\\"a\\"]","none":null,"__proto__":"p"}',
        attributeTimes: '{"email":1720000000}',
        rest: '{"extra":1}',
        devices: [{ id: 'tok', platform: 'ios' }],
      },
    })
  })

  test('is known by its attributes where the identifiers are missing', () => {
    expect(read('{"attributes":{"cio_id":"d9c1","id":"u-2","email":"b@example.com"}}')).toMatchObject({
      fits: true,
      value: { cioId: 'd9c1', id: 'u-2', email: 'b@example.com', devices: [], attributeTimes: null },
    })
  })

  test.each([
    ['true', true],
    ['"TRUE"', true],
    ['1', true],
    ['"1"', true],
    ['"yes"', false],
    ['null', false],
  ])('unsubscribed: %s', (value, expected) => {
    expect(read(`{"attributes":{"cio_id":"c"},"unsubscribed":${value}}`)).toMatchObject({
      value: { isUnsubscribed: expected },
    })
  })

  test.each([
    [
      'attributes that are a list',
      '{"identifiers":{"cio_id":"c"},"attributes":["plan"]}',
      'attributes: expected an object',
    ],
    ['nobody in it', '{"attributes":{"plan":"pro"}}', 'identifiers.cio_id: expected text, found nothing'],
    ['devices that are a text', '{"attributes":{"cio_id":"c"},"devices":"none"}', 'devices: expected a list'],
  ])('with %s is set aside', (_, text, reason) => {
    expect(read(text)).toMatchObject({ fits: false, reason })
  })

  test('has devices that are read one by one', () => {
    expect(
      deviceSchema.parse({
        id: 'tok',
        platform: 'ios',
        last_used: 1720000000,
        attributes: { push_enabled: true },
        x: 1,
      }),
    ).toEqual({
      token: 'tok',
      platform: 'ios',
      lastUsed: new Date('2024-07-03T09:46:40Z'),
      attributes: '{"push_enabled":"true"}',
      rest: '{"x":1}',
    })
    expect(deviceSchema.parse({ id: 5, last_used: 'never' })).toEqual({
      token: '5',
      platform: null,
      lastUsed: null,
      attributes: null,
      rest: '{"last_used":"never"}',
    })
    expect(deviceSchema.safeParse({ platform: 'ios' }).success).toBe(false)
    expect(deviceSchema.safeParse({ id: 'tok', attributes: 'x' }).success).toBe(false)
  })
})

test('people and workspaces take numbers for ids', () => {
  const people = readPage(
    answer('{"identifiers":[{"cio_id":3000001,"id":7,"email":""},{"id":"x"}],"next":"MjAw"}'),
    'identifiers',
    personSchema,
    'host',
  )
  expect(people).toMatchObject({
    next: 'MjAw',
    records: [{ fits: true, value: { cioId: '3000001', id: '7', email: null } }, { fits: false }],
  })
  const [workspace] = readPage(
    answer('{"workspaces":[{"id":"9007199254740993","name":"P","people":"many","objects":1}]}'),
    'workspaces',
    workspaceSchema,
    'host',
  ).records
  expect(workspace).toMatchObject({
    fits: true,
    value: { id: 9007199254740993n, people: null, rest: '{"people":"many","objects":1}' },
  })
})
