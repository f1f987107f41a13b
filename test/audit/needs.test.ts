import { expect, test } from 'vitest'
import { obstacle } from '../../src/audit/needs.ts'
import placeholders from '../../rules/identity/placeholder-id.ts'

test.each([
  ['planned-events', 'planned events were not read: no connected source shows them'],
  ['journey-steps', 'journey steps were not read: no connected source shows them'],
  ['attributes', 'attributes were not read: no connected source shows them'],
] as const)('what no connected source shows is told in words: %s', (need, told) => {
  expect(obstacle({ ...placeholders.meta, needs: [need] }, [], [])).toBe(told)
})
