import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' }
import { Ajv } from 'ajv'
import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { maskInput, createMasker } from '../../src/reports/index.ts'
import { shares } from '../../src/reports/shares.ts'
import { fileOf, sarifRun } from '../support/formats.ts'
import { generatedAudit, hundredThousand } from '../support/generated-audit.ts'
import { hostileAudit } from '../support/hostile-audit.ts'
import { fixedAudit } from '../support/report-fixture.ts'

/** The schema of the standard's own test tools. Its draft differs from Ajv's in nothing that it uses but the name. */
const { $schema: _draft, id: _address, ...schema } = sarifSchema
const validate = new Ajv({
  strict: false,
  validateFormats: false,
  unicodeRegExp: false,
  allErrors: true,
}).compile(schema)

test.each([
  ['of the fixed audit', fixedAudit()],
  ['of a masked one', maskInput(fixedAudit(), createMasker('a key of the test'))],
  ['of a hostile one', hostileAudit()],
  ['without a rule', generatedAudit([])],
  ['of 100,000 findings', generatedAudit(hundredThousand)],
])('the SARIF %s is valid', async (_, input) => {
  validate(JSON.parse(await fileOf('sarif', input)))
  expect(validate.errors ?? []).toEqual([])
})

test('the schema refuses what is no SARIF', () => {
  expect(validate({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false)
  expect(
    validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{ level: 'bad' }] }] }),
  ).toBe(false)
})

test('the level says what a finding does to the verdict, and a waived one is suppressed', async () => {
  const { results } = sarifRun(await fileOf('sarif', fixedAudit()))
  const told = results.map(({ ruleId, level, properties, suppressions }) => [
    ruleId,
    level,
    properties.state,
    suppressions?.length ?? 0,
  ])
  expect(told).toEqual([
    ['attributes/wrong-type', 'error', 'new', 0],
    ['identity/duplicate-email', 'error', 'new', 0],
    ['identity/duplicate-email', 'error', 'new', 0],
    ['identity/duplicate-email', 'note', 'waived', 1],
    ['events/missing-property', 'warning', 'new', 0],
    // Its severity is error, and it is within its limit.
    ['devices/shared-token', 'note', 'new', 0],
    ['identity/email-variant', 'note', 'new', 0],
  ])
})

test('a finding stands on the line of the plan or the config; without either, where the config would be', async () => {
  const placed = sarifRun(await fileOf('sarif', fixedAudit())).results.map(({ ruleId, locations }) => {
    const { artifactLocation, region } = locations[0]?.physicalLocation ?? {}
    return `${ruleId} ${artifactLocation?.uri}:${region?.startLine}`
  })
  expect(placed).toContain('events/missing-property tracking-plan.yaml:14')
  expect(placed).toContain('identity/duplicate-email cio-audit.yaml:3')
  const nowhere = sarifRun(await fileOf('sarif', { ...fixedAudit(), place: () => null }))
  expect(nowhere.results[0]?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: 'cio-audit.yaml' },
    region: { startLine: 1 },
  })
  const odd = { ...fixedAudit(), place: () => ({ file: 'my plans/plan ü.yaml', line: 2 }) }
  expect(
    sarifRun(await fileOf('sarif', odd)).results[0]?.locations[0]?.physicalLocation.artifactLocation.uri,
  ).toBe('my%20plans/plan%20%C3%BC.yaml')
})

test('rules carry their pages, and what could not be judged is told', async () => {
  const { tool, invocations, results } = sarifRun(await fileOf('sarif', fixedAudit()))
  const { rules } = tool.driver
  expect(rules.find(({ id }) => id === 'identity/duplicate-email')?.help.text).toMatch(
    /How to mend it: Merge/,
  )
  for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex]?.id).toBe(ruleId)
  expect(invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text)).toContain(
    'The stream activities/* is incomplete (max-activities bound).',
  )
})

test('of 100,000 findings the worst 5,000 are there, each rule says what it left out, and a small rule is whole', async () => {
  const { results } = sarifRun(await fileOf('sarif', generatedAudit(hundredThousand)))
  expect(results.length).toBeGreaterThan(4990)
  expect(results.length).toBeLessThanOrEqual(5000)
  const of = (rule: string) => results.filter(({ ruleId }) => ruleId === rule)
  expect(of('events/wrong-type')).toHaveLength(12)
  expect(of('identity/duplicate-email').length).toBeGreaterThan(2400)
  expect(of('devices/shared-token').length).toBeGreaterThan(2400)
  const [rolledUp, ...others] = of('identity/unreachable')
  expect(others).toEqual([])
  expect(rolledUp).toMatchObject({ level: 'warning', properties: { rolledUp: 20_000 } })
  expect(rolledUp?.message.text).toMatch(/^20,000 more findings of identity\/unreachable, of 20,000 in all/)
})

test('a link in a message is none', async () => {
  const input = hostileAudit('see [this](1) and [items[].price](http://evil.example)')
  for (const { message } of sarifRun(await fileOf('sarif', input)).results)
    expect(message.text).not.toMatch(/(?<!\\)\[[^\]]*\]\(/)
})

test('shares: all is given that is wanted or there, the small ones first, and the large ones alike', () => {
  expect(shares([40_000, 30_000, 12], 4993)).toEqual([2491, 2490, 12])
  expect(shares([1, 2, 3], 100)).toEqual([1, 2, 3])
  expect(shares([], 5)).toEqual([])
  fc.assert(
    fc.property(fc.array(fc.nat(100)), fc.nat(500), (wanted, room) => {
      const given = shares(wanted, room)
      const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
      expect(sum(given)).toBe(Math.min(sum(wanted), room))
      given.forEach((share, at) => expect(share).toBeLessThanOrEqual(wanted[at] ?? 0))
    }),
  )
})
