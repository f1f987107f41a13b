import { expect, test } from 'vitest'
import { matchesGlob } from '../../src/core/glob.ts'

test.each([
  ['identity/*', 'identity/duplicate-email', true],
  ['identity/*', 'events/duplicate-key', false],
  ['*', 'events/duplicate-key', false],
  ['**', 'events/duplicate-key', true],
  ['*/duplicate-*', 'events/duplicate-key', true],
  ['events/duplicate', 'events/duplicate-key', false],
  ['events.duplicate-key', 'events/duplicate-key', false],
  ['[e]vents/*', 'events/duplicate-key', false],
])('%s on %s: %s', (glob, id, matches) => {
  expect(matchesGlob(id, glob)).toBe(matches)
})
