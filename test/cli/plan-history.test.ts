import { expect, test } from 'vitest'
import { comparePlans } from '../../src/cli/plan-history.ts'
import { builtInPlan } from '../../src/config/index.ts'
import { parsePlan } from '../../src/config/plan.ts'
import type { Plan } from '../../src/core/plan.ts'

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

test('what changed, under which event or attribute, and how much there is', () => {
  const changed = planOf(
    '1.1.0',
    less.replace('  tier: { type: string }', '  tier: { type: string, recommended: true }'),
  )
  expect(comparePlans(changed, planOf('1.0.0', whole))).toEqual({
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
        path: 'attributes.tier.recommended',
        breaking: false,
        text: 'recommended now',
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

test('a plan that went through a file is the same plan', () => {
  const kept = JSON.parse(JSON.stringify(planOf('1.0.0', whole))) as Plan
  expect(comparePlans(planOf('1.0.0', whole), kept)).toMatchObject({ changes: [], announced: false })
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
])('from %s to %s: announced %s', (before, after, announced) => {
  expect(comparePlans(planOf(after, less), planOf(before, whole))).toMatchObject({ announced })
})

test('the built-in plan, and another plan', () => {
  const own = planOf('1.0.0', whole)
  expect(comparePlans(own, builtInPlan)).toEqual({
    status: 'skipped',
    reason: 'the run before went by the built-in plan',
  })
  expect(comparePlans(builtInPlan, own)).toEqual({
    status: 'skipped',
    reason: "the built-in plan is nobody's contract: it needs a plan of your own",
  })
  expect(comparePlans(own, { ...own, origin: 'staging.yaml' })).toEqual({
    status: 'skipped',
    reason: 'the run before went by another plan: staging.yaml',
  })
})

test('no plan before', () => {
  expect(comparePlans(planOf('1.0.0', whole), null)).toEqual({
    status: 'skipped',
    reason: 'there is no earlier run whose plan could be compared',
  })
})
