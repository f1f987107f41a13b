import { z } from 'zod'
import { planSchema } from './plan-schema.ts'
import { settingsSchema } from './settings-schema.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** Draft 7 is what the YAML extensions of editors read. */
const draft = { io: 'input', target: 'draft-7' } as const

export function configJsonSchema(): JsonSchema {
  return { ...z.toJSONSchema(settingsSchema, draft), title: 'cio-audit.yaml' }
}

export function planJsonSchema(): JsonSchema {
  return { ...z.toJSONSchema(planSchema, draft), title: 'tracking-plan.yaml' }
}
