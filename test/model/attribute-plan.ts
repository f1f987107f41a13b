import type { Plan, PlannedAttribute } from '../../src/core/plan.ts'

export const planWith = (attributes: Record<string, Partial<PlannedAttribute>>): Plan => ({
  version: '1.0.0',
  origin: 'tracking-plan.yaml',
  events: {},
  byIntent: [],
  attributes: Object.fromEntries(
    Object.entries(attributes).map(([name, rest]) => [
      name,
      { type: 'string', required: false, recommended: false, appliesTo: 'known', ...rest },
    ]),
  ),
})
