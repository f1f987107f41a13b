import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepRun, runName } from '../../src/cli/history.ts'
import { comparePlans } from '../../src/cli/plan-history.ts'
import { builtInPlan } from '../../src/config/index.ts'
import { parsePlan } from '../../src/config/plan.ts'
import type { Plan } from '../../src/core/plan.ts'
import type { AuditReport } from '../../src/core/report.ts'
import { fixedAudit } from '../support/report-fixture.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const planOf = (version: string, body: string): Plan =>
  parsePlan({ origin: 'tracking-plan.yaml', text: `version: ${version}\n${body}` }).plan
const whole = `attributes:
  tier: { type: string }
events:
  purchase:
    properties:
      revenue: { type: number }
      items: { type: array, items: { price: { type: number } } }
      address: { type: object, properties: { city: { type: string } } }
`
const less = whole.replace('{ price: { type: number } }', '{ price: { type: string } }')

const runOf = (id: string, day: number): AuditReport => {
  const { report } = fixedAudit()
  return { ...report, run: { ...report.run, id: id.repeat(32), asOf: `2026-11-${day}T12:00:00Z` } }
}
const asking = (id: string, day: number) => ({
  id: id.repeat(32),
  asOf: new Date(`2026-11-${day}T12:00:00Z`),
})
const keep = (id: string, day: number, plan: Plan): Promise<void> => keepRun(folder, runOf(id, day), plan, 90)
const compare = (plan: Plan, id = 'f', day = 23) => comparePlans(folder, plan, asking(id, day))

test('what changed, under which event or attribute, and how much there is', async () => {
  await keep('a', 20, planOf('1.0.0', whole))
  expect(
    await compare(planOf('1.1.0', less.replace('  tier: { type: string }', '  tier: { type: json }'))),
  ).toEqual({
    version: '1.1.0',
    earlierVersion: '1.0.0',
    announced: false,
    // tier, purchase, revenue, items, price, address, city
    entries: 7,
    changes: [
      {
        subject: 'attributes.tier',
        kind: 'attribute',
        name: 'tier',
        path: 'attributes.tier.type',
        breaking: false,
        text: 'from string to json',
      },
      {
        subject: 'events.purchase',
        kind: 'event',
        name: 'purchase',
        path: 'events.purchase.properties.items.items.price.type',
        breaking: true,
        text: 'from number to string',
      },
    ],
  })
})

test('a plan that went through a file is the same plan', async () => {
  await keep('a', 20, planOf('1.0.0', whole))
  expect(await compare(planOf('1.0.0', whole))).toMatchObject({ changes: [], announced: false })
})

test.each([
  ['1.9.9', '2.0.0', true],
  ['1.2.0', '1.3.0', false],
  ['1', '1.3', false],
  ['v1.0.0', '1.0.1', false],
  ['1.0.0', 'v2', true],
  ['2.0.0', '1.0.0', true],
  ['0.1.0', '0.2.0', true],
  ['0.1.0', '0.1.9', false],
  ['0.9.0', '1.0.0', true],
  ['1.0.0-rc.1', '1.0.0', false],
  ['0', '0.0.1', false],
])('from %s to %s: announced %s', async (before, after, announced) => {
  await keep('a', 20, planOf(before, whole))
  expect(await compare(planOf(after, less))).toMatchObject({ announced })
})

test('which run is the one before', async () => {
  const versionBefore = async (id: string, day: number): Promise<unknown> => {
    const compared = await compare(planOf('9.0.0', whole), id, day)
    return 'reason' in compared ? compared.reason : compared.earlierVersion
  }
  const none = 'there is no earlier run whose plan could be compared'
  expect(await versionBefore('f', 23)).toBe(none)
  await keep('a', 20, planOf('1.0.0', whole))
  await keep('b', 22, planOf('2.0.0', whole))
  await keep('c', 22, planOf('3.0.0', whole))
  await writeFile(join(folder, 'runs', `${runName(runOf('d', 22))}.new`), 'half of it')
  await utimes(join(folder, 'runs', runName(runOf('b', 22))), new Date(), new Date('2030-01-01'))
  expect(await versionBefore('f', 23)).toBe('2.0.0')
  expect(await versionBefore('f', 22)).toBe('2.0.0')
  expect(await versionBefore('b', 22)).toBe('3.0.0')
  expect(await versionBefore('f', 21)).toBe('1.0.0')
  expect(await versionBefore('a', 20)).toBe(none)
  expect(await versionBefore('f', 19)).toBe(none)
})

test('the built-in plan, and another plan', async () => {
  const own = planOf('1.0.0', whole)
  await keep('a', 20, builtInPlan)
  expect(await compare(own)).toEqual({
    status: 'skipped',
    reason: 'the run before went by the built-in plan',
  })
  expect(await compare(builtInPlan)).toEqual({
    status: 'skipped',
    reason: "the built-in plan is nobody's contract: it needs a plan of your own",
  })
  await keep('b', 21, { ...own, origin: 'staging.yaml' })
  expect(await compare(own)).toEqual({
    status: 'skipped',
    reason: 'the run before went by another plan: staging.yaml',
  })
})

test.each([
  ['no JSON', '{"plan": {'],
  ['another form', '{"plan": {"version": "1.0.0", "origin": "tracking-plan.yaml"}}'],
])('a summary that cannot be read: %s', async (_, text) => {
  await mkdir(join(folder, 'runs'))
  await writeFile(join(folder, 'runs', runName(runOf('a', 20))), text)
  expect(await compare(planOf('1.0.0', whole))).toEqual({
    status: 'inconclusive',
    reason: `the summary of the run before cannot be read: ${join('runs', runName(runOf('a', 20)))} in the state folder`,
  })
})
