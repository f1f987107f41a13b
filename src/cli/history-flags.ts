import { Flags } from '@oclif/core'
import { commonFlags, pullFlags, runFlags } from './flags.ts'

const { since, until, orders, waivers, rule, plan, memory } = runFlags

export const baselineFlags = {
  ...commonFlags,
  plan,
  memory,
  since,
  until,
  'as-of': runFlags['as-of'],
  orders,
  waivers,
  rule,
  'skip-rule': runFlags['skip-rule'],
  source: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: '<path>',
    description: `${String(pullFlags.source.description).split(':')[0]}: a folder or file of Customer.io, or a .duckdb snapshot [default: the last snapshot]`,
  }),
  baseline: Flags.string({
    helpValue: '<file>',
    description: 'the file to write, - for standard output [default: cio-audit.baseline.json]',
  }),
}

const { reveal, redact } = runFlags

export const compareFlags = {
  config: commonFlags.config,
  'state-dir': commonFlags['state-dir'],
  json: Flags.boolean({ description: 'the comparison as JSON on stdout, and nothing else there' }),
  reveal,
  redact,
  'no-color': commonFlags['no-color'],
}
