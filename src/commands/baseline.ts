import { BaseCommand } from '../cli/base-command.ts'
import { baselineFlags } from '../cli/history-flags.ts'

export default class Baseline extends BaseCommand {
  static override summary = "Accept today's findings as known, so that later runs fail only on new ones."
  static override description = `Audits the last snapshot, or the files that --source names, without the network, and writes cio-audit.baseline.json. Give it the flags that your runs have. A rule that could not be judged stays inconclusive; its findings are not accepted. Written again, the file loses what is mended.

Exit codes: 0 when the file is written, 2 and above as of \`cio-audit run\`.`
  static override examples = [
    { description: 'After a run', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'One family of rules alone; what was known of the others stays known',
      command: '<%= config.bin %> <%= command.id %> --rule "devices/*"',
    },
  ]
  static override flags = baselineFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(Baseline)
    const { runBaseline } = await import('../cli/run-baseline.ts')
    await this.work((io) => runBaseline(flags, io, this.config.version))
  }
}
