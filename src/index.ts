/** The public surface of the package: what a rule of one's own needs. `z` is zod, so that such a rule installs nothing. */
export { defineRule, duration, sql } from './audit/rule.ts'
export type { Rule, RuleContext, RuleDefinition, RuleExample, RuleMeta } from './audit/rule.ts'
export { z } from 'zod'
