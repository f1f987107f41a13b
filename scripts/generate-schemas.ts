// Writes the JSON Schemas of the config, the tracking plan and the report from their zod schemas.
import { z } from 'zod'
import { configJsonSchema, planJsonSchema } from '../src/config/index.ts'
import { reportSchema } from '../src/core/report.ts'
import { deliver } from './generated.ts'

const text = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`

const files = new Map([
  ['schema/config.schema.json', text(configJsonSchema())],
  ['schema/tracking-plan.schema.json', text(planJsonSchema())],
  [
    'schema/report.schema.json',
    text({ ...z.toJSONSchema(reportSchema, { target: 'draft-7' }), title: 'report.json of cio-audit' }),
  ],
])

process.exitCode = await deliver({ files }, process.argv.includes('--check'))
