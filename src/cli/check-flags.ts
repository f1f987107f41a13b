import { Flags } from '@oclif/core'
import { commonFlags, pullFlags, reportFlags, runFlags } from './flags.ts'

export const checkFlags = {
  ...commonFlags,
  plan: pullFlags.plan,
  'id-type': Flags.string({
    options: ['id', 'email', 'phone', 'cio_id'],
    description: 'what the identifier is [default: what it looks like]',
  }),
  source: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: '<path>',
    description:
      'repeatable: look into a folder or file of Customer.io, or into a .duckdb snapshot, instead of asking the API',
  }),
  offline: Flags.boolean({ description: 'never touch the network: look into the last snapshot' }),
  since: Flags.string({
    helpValue: '<when>',
    description: 'look at events from here on: 30d, 48h or an ISO date [default: 30d back]',
  }),
  'as-of': runFlags['as-of'],
  'max-rate': pullFlags['max-rate'],
  memory: pullFlags.memory,
  json: Flags.boolean({ description: 'the steps as JSON on stdout, and nothing else there' }),
  reveal: reportFlags.reveal,
  redact: reportFlags.redact,
}
