import { z } from 'zod'
import { checklistItems } from '../core/checklist.ts'
import { sourceKinds, subjectKinds } from '../core/report.ts'
import { severities } from '../core/settings.ts'
import { categories, inputs, needs, sampleUses, type FoundDefect, type Rule } from './rule.ts'

const text = z.string().min(1)
const kebab = '[a-z0-9]+(?:-[a-z0-9]+)*'
const ruleId = new RegExp(`^(?:${categories.join('|')})/${kebab}$`)
const call = z.custom<unknown>((value) => typeof value === 'function', 'must be a function')
const zodObject = z.custom<unknown>((value) => hasShape(value), 'must be a z.object({…})')

function hasShape(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'shape' in value && 'parse' in value
}

/** What TypeScript asks of a rule, asked of a module whose types nobody checked. */
const ruleSchema = z.looseObject({
  meta: z.looseObject({
    id: z
      .string()
      .regex(ruleId, `must be <category>/<kebab-noun>, with a category of ${categories.join(', ')}`),
    title: text,
    failureTitle: text,
    severity: z.enum(severities),
    checklist: z.array(z.enum(checklistItems)),
    needs: z.array(z.enum(needs)),
    input: z.enum(inputs).optional(),
    sources: z.record(z.enum(sourceKinds), z.enum(['full', 'partial', 'none'])),
    sample: z.enum(sampleUses).optional(),
    threshold: z.strictObject({
      maxRate: z.number().min(0).max(1).optional(),
      maxCount: z.int().nonnegative().optional(),
    }),
    measuredBy: z.enum(['rule', 'finding']),
    subject: z.enum(subjectKinds),
    unit: text,
    evidence: call.optional(),
    docs: z.object({ why: text, decides: text, blind: text }),
  }),
  options: zodObject,
  population: call,
  parts: call.optional(),
  doubt: call.optional(),
  remark: call.optional(),
  row: zodObject,
  query: call,
  finding: call,
  evidenceRow: zodObject,
  evidence: call,
  remediation: call,
  examples: z.array(z.looseObject({ title: text, findings: z.array(z.string()) })),
})

/** What a mapper must give: a wrong count here would be a wrong verdict. */
const defectSchema: z.ZodType<FoundDefect> = z.looseObject({
  subject: z.object({ key: z.string(), label: z.string() }),
  identity: z.string().optional(),
  message: z.string(),
  affected: z.int().nonnegative(),
  unit: z.string(),
  population: z.int().nonnegative().optional(),
  place: z.int().nonnegative().optional(),
  firstSeen: z.string().nullish(),
  lastSeen: z.string().nullish(),
  events: z.array(z.string()).optional(),
  attributes: z.array(z.string()).optional(),
  remediation: z.string().optional(),
}) as unknown as z.ZodType<FoundDefect>

/**
 * A rule that somebody else wrote, held to the shape of ours; its mapper is held to what it promises each time.
 *
 * @param exported - what the module exports as its default.
 * @returns the rule, or what is wrong with it, one line each.
 */
export function readCustomRule(exported: unknown): Rule | readonly string[] {
  if (typeof exported !== 'object' || exported === null)
    return ['it has no default export that is a rule; write `export default defineRule({ … })`']
  const { error } = ruleSchema.safeParse(exported)
  if (error)
    return error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'rule'}: ${message}`)
  const rule = exported as Rule
  return { ...rule, finding: (row, context) => defectSchema.parse(rule.finding(row, context)) }
}
