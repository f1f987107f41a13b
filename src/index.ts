/** The public surface of the package: what a rule of one's own needs. */
export { defineRule, duration, sql } from './audit/rule.ts'
export type { Rule, RuleContext, RuleDefinition, RuleExample, RuleMeta } from './audit/rule.ts'
