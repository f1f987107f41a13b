import { expect, test } from 'vitest'
import { obstacle } from '../../src/audit/needs.ts'
import unreachable from '../../rules/identity/unreachable.ts'
import placeholders from '../../rules/identity/placeholder-id.ts'

test.each([
  ['planned-events', 'planned events were not read: no connected source shows them'],
  ['journey-steps', 'journey steps were not read: no connected source shows them'],
  ['attributes', 'attributes were not read: no connected source shows them'],
] as const)('what no connected source shows is told in words: %s', (need, told) => {
  expect(obstacle({ ...placeholders.meta, needs: [need] }, [], [])).toBe(told)
})

test.each([
  ['people-export', 'a people export shows it in part only: the App API would show it whole', 'people'],
  ['warehouse-sync', 'warehouse files show it in part only: the App API would show it whole', 'people'],
] as const)('what a source shows in part: %s', (kind, told, name) => {
  const stream = { name, read: 1, expected: null, rejected: 0, complete: true, ended: 'end of file' }
  const source = { kind, region: null, workspace: { id: null, name: null }, streams: [stream] }
  expect(obstacle({ ...unreachable.meta, needs: ['people'] }, [source], [])).toBe(told)
})
