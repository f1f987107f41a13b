import { Ajv, type ValidateFunction } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { configJsonSchema, loadPlan, loadSettings, planJsonSchema } from '../../src/config/index.ts'
import { inFolder } from './support.ts'

const compile = (schema: object): ValidateFunction => new Ajv({ strict: false }).compile(schema)

describe.each([
  ['cio-audit.yaml', compile(configJsonSchema()), (folder: string) => loadSettings(undefined, folder)],
  ['tracking-plan.yaml', compile(planJsonSchema()), (folder: string) => loadPlan(undefined, folder)],
] as const)('an editor and the program agree on %s', (name, validate, load) => {
  const cases: Readonly<Record<string, readonly [good: readonly string[], bad: readonly string[]]>> = {
    'cio-audit.yaml': [
      [
        '{}',
        'rules: { a/b: off }',
        'rules: { a/b: { maxRate: 0.1 } }',
        'push: { staleAfter: 3d }',
        'workspace: { name: null }',
        'attest: { spot-check: { reason: a, owner: b, on: 2026-01-01, expires: 2026-02-01 } }',
      ],
      [
        'x: 1',
        'rules: { a/b: on }',
        'rules: { a/b: { maxRate: 2 } }',
        'push: { staleAfter: 3 }',
        'report: { examples: -1 }',
        'attest: { spot-checks: {} }',
        'attest: { spot-check: { reason: a } }',
      ],
    ],
    'tracking-plan.yaml': [
      [
        'version: 1.2\nevents: { a: {} }',
        'attributes: { a: { type: string } }',
        'events: { a: { properties: { p: { type: array, items: { q: { type: number } } } } } }',
      ],
      [
        'events: { a: { intent: x } }',
        'attributes: { a: {} }',
        'attributes: { a: { type: x } }',
        'events: { a: { properties: { p: { type: array, items: { q: { type: x } } } } } }',
        'event: {}',
      ],
    ],
  }
  const [good, bad] = cases[name] ?? [[], []]

  test.each(good)('that it is fine: %s', async (yaml) => {
    expect(validate(parse(yaml))).toBe(true)
    await inFolder({ [name]: yaml }, (folder) => expect(load(folder)).resolves.toBeDefined())
  })

  test.each(bad)('that it is wrong: %s', async (yaml) => {
    expect(validate(parse(yaml))).toBe(false)
    await inFolder({ [name]: yaml }, (folder) => expect(load(folder)).rejects.toThrow(name))
  })
})
