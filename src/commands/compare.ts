import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { compareFlags } from '../cli/history-flags.ts'

export default class Compare extends BaseCommand {
  static override summary = 'Say what is new, fixed, worse, better and still there between two runs.'
  static override description = `A run is \`latest\`, \`previous\`, a day or time (2026-11-23), the beginning of a run id, or the folder (or report.json) that \`cio-audit run --out\` wrote. Runs are kept in the state folder; there findings have fingerprints and no subjects. Where the two runs did not judge alike (other sources, another window, another version of a rule, other options, another plan) what changed is told apart as judged differently.

Exit codes: 0 whatever changed, 2 when a run is not there or the two are of different workspaces.`
  static override examples = [
    { description: 'The last two runs', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'Since the release of the twentieth',
      command: '<%= config.bin %> <%= command.id %> 2026-11-20 latest',
    },
    {
      description: 'Two reports, with the subjects of their findings',
      command: '<%= config.bin %> <%= command.id %> reports/monday reports/tuesday --json',
    },
  ]
  static override args = {
    before: Args.string({ default: 'previous', description: 'the first run' }),
    after: Args.string({ default: 'latest', description: 'the second run' }),
  }
  static override flags = compareFlags

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Compare)
    const { runCompare } = await import('../cli/run-compare.ts')
    await this.work((io) => runCompare(args, flags, io))
  }
}
