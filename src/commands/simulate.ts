import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { bulkFlags, shopFlags } from '../cli/flags.ts'

export default class Simulate extends BaseCommand {
  static override summary =
    'Run the simulated Customer.io (App API and Track API) as a server until Ctrl-C, or write its bulk files.'
  static override examples = [
    {
      description: 'A healthy shop on a port of its own choice',
      command: '<%= config.bin %> <%= command.id %> --variant healthy',
    },
    {
      description: 'A server that allows five requests a second',
      command: `<%= config.bin %> <%= command.id %> --fault '{"kind":"rate-limit","perSecond":5,"retryAfter":true}'`,
    },
    {
      description: 'Ten million activities as the Parquet files of a Pipelines destination',
      command:
        '<%= config.bin %> <%= command.id %> --people 1000000 --events 10000000 --as pipelines --out files',
    },
  ]
  static override flags = {
    ...shopFlags,
    ...bulkFlags,
    port: Flags.integer({
      default: 0,
      min: 0,
      max: 65_535,
      helpValue: '<n>',
      description: 'a free one with 0',
    }),
    fault: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<json>',
      description: 'repeatable: what goes wrong, as JSON',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Simulate)
    const { runSimulate } = await import('../cli/run-simulate.ts')
    await this.work((io) => runSimulate(flags, io), 'end')
  }
}
