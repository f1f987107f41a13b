import { z } from 'zod'
import { checklistItems } from './checklist.ts'
import { severities } from './settings.ts'

/** The zod schema of `report.json`; `schema/report.schema.json` is generated from it. Key order here is key order there. */
const count = z.int().nonnegative()
const isoTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
const rate = z.number().min(0)

export const statuses = ['pass', 'fail', 'inconclusive', 'skipped'] as const
export const decisions = ['go', 'no-go', 'inconclusive'] as const
export const sourceKinds = ['app-api', 'people-export', 'warehouse-sync', 'pipelines'] as const
export const subjectKinds = [
  'profile',
  'profile-cluster',
  'device',
  'attribute',
  'event',
  'event-property',
  'event-pair',
  'journey',
  'group',
  'workspace',
] as const

export const subjectSchema = z.strictObject({
  kind: z.enum(subjectKinds),
  key: z.string(),
  label: z.string(),
})
const journeyRef = z.strictObject({ id: z.int(), name: z.string() })
const evidenceRow = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

export const findingSchema = z.strictObject({
  fingerprint: z.string(),
  subject: subjectSchema,
  message: z.string(),
  affected: count,
  unit: z.string(),
  firstSeen: isoTime.nullable(),
  lastSeen: isoTime.nullable(),
  evidence: z.array(evidenceRow),
  journeys: z.array(journeyRef),
  remediation: z.string(),
  link: z.string().nullable(),
  state: z.enum(['new', 'known', 'waived']),
})

export const streamSchema = z.strictObject({
  name: z.string(),
  read: count,
  expected: count.nullable(),
  rejected: count,
  complete: z.boolean(),
  ended: z.string(),
})

const ledgerCell = z.strictObject({
  permission: z.enum(['in', 'out', 'unsubscribed', 'unknown']),
  device: z.enum(['deliverable', 'stale', 'undeliverable', 'disabled', 'malformed', 'shared', 'none']),
  profiles: count,
})
const ledgerCellWithCart = ledgerCell.extend({
  cartValue: z.array(z.strictObject({ currency: z.string(), amount: z.number() })),
})

export const ruleResultSchema = z.strictObject({
  rule: z.string(),
  category: z.string(),
  severity: z.enum(severities),
  checklist: z.array(z.enum(checklistItems)),
  status: z.enum(statuses),
  reason: z.string(),
  population: z.strictObject({ unit: z.string(), count }),
  affected: count,
  rate: rate.nullable(),
  interval: z.tuple([rate, rate]).nullable(),
  threshold: z.strictObject({ maxRate: rate.optional(), maxCount: count.optional() }),
  findings: z.strictObject({
    total: count,
    new: count,
    known: count,
    waived: count,
    listed: z.array(findingSchema),
  }),
})

export const checklistLineSchema = z.strictObject({
  item: z.enum(checklistItems),
  status: z.enum(['pass', 'warn', 'fail', 'inconclusive', 'unproven']),
  rules: z.array(z.string()),
  attested: z
    .strictObject({ reason: z.string(), owner: z.string(), on: z.string(), expires: z.string() })
    .nullable(),
})

export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal('cio-audit'), version: z.string() }),
  run: z.strictObject({
    id: z.string(),
    asOf: isoTime,
    window: z.strictObject({ since: isoTime, until: isoTime }),
    plan: z.strictObject({ version: z.string(), origin: z.string() }),
    snapshot: z.string(),
    /** People drawn, of how many, and by which seed; null when everybody was read. */
    sample: z.strictObject({ people: count, of: count, seed: z.int() }).nullable(),
  }),
  sources: z.array(
    z.strictObject({
      kind: z.enum(sourceKinds),
      region: z.string().nullable(),
      workspace: z.strictObject({ id: z.int().nullable(), name: z.string().nullable() }),
      streams: z.array(streamSchema),
    }),
  ),
  verdict: z.strictObject({
    decision: z.enum(decisions),
    reason: z.string(),
    blocking: z.array(z.string()),
    inconclusive: z.array(z.string()),
  }),
  /** Only with `--journey`: what the verdict covers, and what fails outside of it. */
  scope: z.strictObject({ journeys: z.array(z.int()) }).optional(),
  elsewhere: z.strictObject({ failing: count, findings: count }).optional(),
  checklist: z.array(checklistLineSchema),
  rules: z.array(ruleResultSchema),
  journeys: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      state: z.enum(['running', 'draft', 'stopped']),
      decision: z.enum(decisions),
      rules: z.array(z.string()),
      findings: count,
      people: count,
    }),
  ),
  ledger: z.strictObject({
    all: z.array(ledgerCell),
    intent: z.array(ledgerCellWithCart),
    journeys: z.array(z.strictObject({ id: z.int(), cells: z.array(ledgerCell) })),
  }),
  totals: z.strictObject({
    profiles: count,
    devices: count,
    events: count,
    rules: z.strictObject({ pass: count, fail: count, inconclusive: count, skipped: count }),
  }),
  notices: z.array(z.string()),
})

export type AuditReport = z.infer<typeof reportSchema>
export type RuleResult = z.infer<typeof ruleResultSchema>
export type Finding = z.infer<typeof findingSchema>
export type Subject = z.infer<typeof subjectSchema>
export type StreamLine = z.infer<typeof streamSchema>
export type ChecklistLine = z.infer<typeof checklistLineSchema>
export type EvidenceRow = z.infer<typeof evidenceRow>

export type Decision = (typeof decisions)[number]
export type SourceKind = (typeof sourceKinds)[number]
