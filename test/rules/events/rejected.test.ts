import { expect, test } from 'vitest'
import rule from '../../../rules/events/rejected.ts'
import { judge, messages, nothing } from '../support.ts'

const refused = (data: unknown, type = 'failed_event', at = '2026-11-20T10:00:00Z', cio_id = 'a1') => ({
  cio_id,
  type,
  at,
  data,
})
const reasonsOf = async (...data: unknown[]) => {
  const { findings } = await judge(rule, { activities: data.map((own) => refused(own)) })
  return findings.map(({ subject }) => subject.key)
}

test('one finding per reason, with the events that were refused', async () => {
  const { findings, evidence, population } = await judge(rule, {
    profiles: [{ cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' }],
    events: [{ cio_id: 'a1', name: 'purchase', at: '2026-11-20T10:00:00Z' }],
    activities: [
      refused({ name: 'cart_updated', reason: 'Too large.' }),
      refused({ event_name: 'purchase', reason: 'too  large' }, 'failed_event', '2026-11-21T10:00:00Z', 'a2'),
      refused({ name: 'country', reason: 'too large' }, 'failed_attribute_change'),
      refused({ reason: 'other' }, 'failed_batch_update'),
      refused({ reason: 'other' }, 'skipped_update'),
      refused({ reason: 'old' }, 'failed_event', '2026-10-24T11:59:59Z'),
      refused({ reason: 'late' }, 'failed_event', '2026-11-23T12:00:01Z'),
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: 'other', label: 'other' },
      message: '1 batch of 1 person was refused: other',
      affected: 1,
      unit: 'activities',
      firstSeen: '2026-11-20T10:00:00Z',
      lastSeen: '2026-11-20T10:00:00Z',
    },
    {
      subject: { key: 'too large', label: 'too large' },
      message:
        '3 changes of attributes and events of 2 people were refused: too large (cart_updated, purchase)',
      affected: 3,
      unit: 'activities',
      firstSeen: '2026-11-20T10:00:00Z',
      lastSeen: '2026-11-21T10:00:00Z',
      events: ['cart_updated', 'purchase'],
    },
  ])
  expect(evidence).toHaveLength(4)
  expect(evidence.find(({ type }) => type === 'failed_attribute_change')).toMatchObject({
    subject: 'too large',
    event: null,
    cio_id: 'a1',
    email: 'ana@shop.test',
  })
  expect(population).toBe(6)
})

test.each([
  [{ reason: 'bad' }],
  [{ error: 'bad' }],
  [{ error: { message: 'bad' } }],
  [{ error: { reason: 'bad' } }],
  [{ error: { detail: 'bad' } }],
  [{ error: { description: 'bad' } }],
  [{ errors: ['bad', 'worse'] }],
  [{ errors: [{ message: 'bad', reason: 'code' }] }],
  [{ errors: [{ reason: 'bad' }] }],
  [{ message: ' Bad! ' }],
  [{ error_message: 'bad' }],
  [{ detail: 'bad' }],
  [{ details: 'bad' }],
  [{ description: 'bad' }],
  [{ reason: '', error: 'bad' }],
  [{ reason: 7, error: 'bad' }],
])('%j says why', async (data) => {
  expect(await reasonsOf(data)).toEqual(['bad'])
})

test.each([
  [{}],
  [null],
  [{ reason: null }],
  [{ reason: ' ' }],
  [{ reason: '(reference a1b2c3)' }],
  [{ because: 'x' }],
])('%j says nothing', async (data) => {
  expect(await reasonsOf(data)).toEqual(['no reason given'])
})

test.each([
  ['too large (reference a1b2c3)', 'too large'],
  ['too large (reference abcdef)', 'too large'],
  ['too large, Reference: 77', 'too large'],
  ['too large [ref #A-77]', 'too large'],
  ['too large; request id: 8f3e-11', 'too large'],
  ['too large - support_id=9X', 'too large'],
  ['too large, trace-id 9', 'too large'],
  ['too large (reference number 12)', 'too large'],
  ['refers to reference data', 'refers to reference data'],
  ['preference 7 is unknown', 'preference … is unknown'],
  ['email ana@shop.test is taken', 'email … is taken'],
  ['email <ana@shop.test> is taken', 'email … is taken'],
  ['id "u-x" is taken', 'id … is taken'],
  ["id 'u-x' isn't free, it's taken", "id … isn't free, it's taken"],
  ['id `u-x` is taken', 'id … is taken'],
  ['larger than 100000 bytes', 'larger than … bytes'],
  ['ids u-1, u-2, u-3 are taken', 'ids … are taken'],
  ['identifies 07a0b1, who is other', 'identifies …, who is other'],
  ['at 2026-11-20T10:00:00Z it broke', 'at … it broke'],
  [`x${'y'.repeat(300)}`, `x${'y'.repeat(199)}`],
])('%s becomes %s', async (reason, plain) => {
  expect(await reasonsOf({ reason })).toEqual([plain])
})

test('of many events the first three are told', async () => {
  const activities = ['a', 'b', 'c', 'd'].map((name) => refused({ name, reason: 'bad' }))
  expect(messages(await judge(rule, { activities }))).toEqual([
    '4 events of 1 person were refused: bad (a, b, c and 1 more)',
  ])
  expect(messages(await judge(rule, { activities: activities.slice(1) }))).toEqual([
    '3 events of 1 person were refused: bad (b, c, d)',
  ])
})

test('of nothing there is nothing to say', async () => {
  expect(await judge(rule, {})).toEqual(nothing)
})
