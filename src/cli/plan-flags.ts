import { Flags } from '@oclif/core'
import { pullFlags, runFlags } from './flags.ts'

const { memory, source, config } = pullFlags
const looking = {
  config,
  'state-dir': pullFlags['state-dir'],
  quiet: pullFlags.quiet,
  verbose: pullFlags.verbose,
  'no-color': pullFlags['no-color'],
  memory,
}

const since = Flags.string({
  helpValue: '<when>',
  description: 'look at events from here on: 30d, 48h or an ISO date [default: 30d back]',
})
const until = Flags.string({
  helpValue: '<when>',
  description: 'look at events up to here: 2d, 48h or an ISO date',
})

/** A plan that is written is kept until somebody says otherwise. */
const writingFlags = {
  out: Flags.string({
    helpValue: '<file>',
    default: 'tracking-plan.yaml',
    description: 'the file to write; - for standard output',
  }),
  force: Flags.boolean({ description: 'write over a file that is there' }),
}

export const inferFlags = {
  ...looking,
  source: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: '<path>',
    description: `${String(source.description).split(':')[0]}: a folder or file of Customer.io, or a .duckdb snapshot [default: the last snapshot]`,
  }),
  since,
  until,
  'as-of': runFlags['as-of'],
  ...writingFlags,
}

export const diffFlags = {
  'state-dir': looking['state-dir'],
  json: Flags.boolean({ description: 'the changes as JSON on stdout, and nothing else there' }),
  'no-color': looking['no-color'],
}

export const importFlags = {
  from: Flags.string({
    required: true,
    options: ['segment', 'json-schema', 'csv'],
    description: 'what kind of file it is',
  }),
  ...writingFlags,
}

export const exportFlags = {
  plan: runFlags.plan,
  out: Flags.string({
    helpValue: '<file>',
    default: '-',
    description: 'the file to write; - for standard output',
  }),
  force: writingFlags.force,
}
