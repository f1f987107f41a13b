import type { PlannedProperty } from '../../src/core/plan.ts'
import type { SqlValue } from '../../src/engine/sql.ts'
import { snapshotRows, type Rows } from '../support/workspace.ts'

export const of = (type: PlannedProperty['type'], rest: Partial<PlannedProperty> = {}): PlannedProperty => ({
  type,
  required: false,
  recommended: false,
  ...rest,
})
export const must = (type: PlannedProperty['type'], rest: Partial<PlannedProperty> = {}) =>
  of(type, { required: true, ...rest })

/** A plan of one's own with an event of every kind of property. */
export const orderPlan = {
  order: {
    intent: 'purchase' as const,
    critical: true,
    dedupeKey: 'key',
    aliases: ['bought'],
    properties: {
      amount: must('number', { min: 0, max: 100 }),
      size: of('integer'),
      unit: of('currency'),
      land: of('country'),
      kind: of('string', { enum: ['a', 'b.c'] }),
      code: of('string', { pattern: '[a-z]{3}' }),
      note: of('string'),
      when: of('timestamp'),
      box: of('object', { properties: { unit: of('currency'), 'a "b"': of('integer') } }),
      'say "hi"': of('integer'),
      tags: of('array'),
      lines: of('array', { items: { price: of('number'), count: of('integer') } }),
    },
  },
  look: { intent: 'product' as const },
}
export const at = '2026-11-10T10:00:00Z'
/** An event of that plan, in the middle of the window. */
export const event = (
  id: string,
  data: Record<string, unknown>,
  rest: { name?: string; at?: string; cio_id?: string } = {},
) => ({ cio_id: 'p', name: 'order', at, ...rest, id, data })
/** Events that fit the plan, and for each way not to fit it one. */
export const orderEvents = [
  event('fine', {
    amount: 5,
    size: 2,
    unit: 'eur',
    land: 'de',
    kind: 'b.c',
    code: 'abc',
    when: 1763800000,
    box: { unit: 'USD' },
    key: 'k1',
  }),
  event('decimal-zero', { amount: 5, size: 2.0, key: ' ' }),
  event('negative', { amount: -1 }),
  event('limits', { amount: 100 }),
  event('zero', { amount: 0 }),
  event('too-much', { amount: 100.5 }),
  event('half', { amount: 5, size: 2.5 }),
  event('no-currency', { amount: 5, unit: 'EURO' }),
  event('no-country', { amount: 5, land: 'UK' }),
  event('not-in-enum', { amount: 5, kind: 'bxc' }),
  event('not-the-pattern', { amount: 5, code: 'abcd' }),
  event('milliseconds', { amount: 5, when: 1763800000000 }),
  event('nested', { amount: 5, box: { unit: 'xx' } }),
  event('tags-1', { amount: 5, tags: ['a', 1] }),
  event('line', { amount: 5, lines: [{ price: '1' }, { price: 2 }] }),
  event('half-line', { amount: 5, lines: [{ count: 1 }, { count: 1.5 }, { count: '' }] }),
  event('whole-lines', { amount: 5, lines: [{ count: 1 }, {}, { count: null }] }),
  event('text', { amount: '5' }),
  event('formatted', { amount: '1,299.00 €' }),
  event('missing', {}),
  event('blank', { amount: ' ' }),
  event('number-as-note', { amount: 5, note: 1763800000000 }),
  event('look', {}, { name: 'look' }),
  event('alias', { amount: '7' }, { name: 'bought' }),
  event('too-early', { amount: '7' }, { at: '2026-10-24T11:59:59Z' }),
  event('first-moment', { amount: '8' }, { at: '2026-10-24T12:00:00Z' }),
  event('last-moment', { amount: '9' }, { at: '2026-11-23T12:00:00Z' }),
  event('too-late', { amount: '7' }, { at: '2026-11-23T12:00:01Z' }),
  event('other', { amount: '7' }, { name: 'unplanned' }),
]

type Activity = readonly [id: string, type: string, name: string | null, data: object | null]

/** Activities beside the events: they can bear the name of one and are not held to the plan. */
export const strangers: readonly Activity[] = [
  ['no-data', 'event', 'order', null],
  ['nameless', 'event', null, { amount: '7' }],
  ['screen', 'screen', 'order', { amount: '7', size: 2.5, key: 'k1' }],
  ['page', 'page', 'order', { amount: '7', platform: 'web' }],
  ['sent', 'sent_push', 'order', { amount: '7' }],
]

export function rowsOf(
  events: readonly ReturnType<typeof event>[],
  activities: readonly Activity[] = strangers,
): Rows {
  const rows = snapshotRows({ events })
  const others = activities.map(([id, type, name, data]): SqlValue[] => {
    const json = data === null ? null : JSON.stringify(data)
    return [id, type, name, 'p', null, null, new Date(at), null, null, json, null]
  })
  return { ...rows, activity: [...(rows.activity ?? []), ...others] }
}
