import { expect, test } from 'vitest'
import { chainAsJson } from '../../src/cli/person-report.ts'

test('JSON of a person has no codes of a terminal in it, and says the same', () => {
  const text = 'note = \u009b31mred\u202e'
  const chain = { decision: 'go', steps: [{ step: 'attributes', mark: 'ok', text, details: [] }] } as const
  const json = chainAsJson(chain, [])
  expect(json).not.toMatch(/[\u0080-\u009f\u202e]/)
  expect(JSON.parse(json)).toMatchObject({ steps: [{ text }] })
})
