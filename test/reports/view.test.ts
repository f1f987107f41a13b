import { expect, test } from 'vitest'
import { unitFor } from '../../src/reports/view.ts'

test.each([
  ['devices', 'device'],
  ['app users', 'app user'],
  ['people', 'person'],
  ['pushes', 'push'],
  ['activities', 'activity'],
  ['logins and signups', 'login or signup'],
  // A rule of one's own may name anything.
  ['boss', 'boss'],
  ['staff', 'staff'],
])('%s: one is %s', (unit, one) => {
  expect([0, 1, 2].map((count) => unitFor(count, unit))).toEqual([unit, one, unit])
})
