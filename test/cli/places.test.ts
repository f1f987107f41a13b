import { expect, test } from 'vitest'
import { placesIn } from '../../src/cli/places.ts'
import { parseYaml } from '../../src/config/yaml-file.ts'
import type { Subject } from '../../src/core/report.ts'

const fileOf = (origin: string, text: string) => parseYaml({ origin, text }, 'CONFIG_PLAN')
const config = fileOf(
  'cio-audit.yaml',
  `# limits
rules:
  identity/duplicate-email: { maxRate: 0.01 }
  events/wrong-type: { severity: warn }
`,
)
const plan = fileOf(
  'plans/tracking-plan.yaml',
  `version: 1.0.0
attributes:
  country: { type: country }
events:
  cart.updated:
    properties:
      items:
        type: array
        items:
          price: { type: number }
      shipping:
        type: object
        properties:
          zip: { type: string }
  cart: { intent: cart }
`,
)
const subject = (kind: Subject['kind'], key: string): Subject => ({ kind, key, label: key })

test.each([
  ['attribute', 'country', 'plans/tracking-plan.yaml:3'],
  ['event', 'cart', 'plans/tracking-plan.yaml:15'],
  ['event-property', 'cart.updated.items[].price', 'plans/tracking-plan.yaml:10'],
  ['event-property', 'cart.updated.shipping.zip', 'plans/tracking-plan.yaml:14'],
  ['event-property', 'cart.updated.items[].colour', 'plans/tracking-plan.yaml:7'],
  ['event-property', 'cart.updated.coupon', 'plans/tracking-plan.yaml:5'],
  ['event-property', 'cart.total', 'plans/tracking-plan.yaml:15'],
  ['event-pair', 'cart_old>cart', 'plans/tracking-plan.yaml:15'],
  ['event-pair', 'cart>cart_new', 'plans/tracking-plan.yaml:15'],
  // The plan does not name these, so the line of the rule is the place.
  ['event', 'checkout', 'cio-audit.yaml:4'],
  ['event-property', 'checkout.total', 'cio-audit.yaml:4'],
  ['event', '__proto__', 'cio-audit.yaml:4'],
  ['event', 'constructor', 'cio-audit.yaml:4'],
  ['profile-cluster', 'email:country', 'cio-audit.yaml:4'],
] as const)('%s %s of a rule stands in %s', (kind, key, place) => {
  const found = placesIn({ config, plan })('events/wrong-type', subject(kind, key))
  expect(`${found?.file}:${found?.line}`).toBe(place)
})

test('a rule that no line names stands at the top of the config, else of the plan, else nowhere', () => {
  expect(placesIn({ config, plan })('devices/shared-token')).toEqual({ file: 'cio-audit.yaml', line: 1 })
  expect(placesIn({ config, plan })('identity/duplicate-email')).toEqual({ file: 'cio-audit.yaml', line: 3 })
  expect(placesIn({ config: null, plan })('devices/shared-token')).toEqual({
    file: 'plans/tracking-plan.yaml',
    line: 1,
  })
  expect(placesIn({ config: null, plan: null })('devices/shared-token', subject('event', 'cart'))).toBeNull()
})
