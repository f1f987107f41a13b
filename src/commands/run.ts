import { BaseCommand } from '../cli/base-command.ts'
import { runFlags } from '../cli/flags.ts'

export default class Run extends BaseCommand {
  static override summary = 'Bring the workspace in, run the rules, and say GO, NO-GO or INCONCLUSIVE.'
  static override description = `Needs CIO_APP_API_KEY, or files or a snapshot with --source, or the last snapshot with --offline. Nothing is ever written to Customer.io.

Exit codes:
0 GO
1 NO-GO
2 wrong usage: flags, key, config, plan, waivers, baseline, orders, a state folder in use
3 INCONCLUSIVE
4 the key was refused, or people cannot be read
5 the source could not be read
6 the verdict is printed, but a report could not be written
70 a bug
130 interrupted; what was read so far is kept`
  static override examples = [
    { description: 'Audit the workspace of the key', command: '<%= config.bin %> <%= command.id %>' },
    { description: 'Write the files too', command: '<%= config.bin %> <%= command.id %> --out audit' },
    {
      description: 'Judge the last snapshot again, with another plan, without the network',
      command: '<%= config.bin %> <%= command.id %> --offline --plan tracking-plan.yaml',
    },
    {
      description: "Judge Customer.io's own files, together as one workspace",
      command: '<%= config.bin %> <%= command.id %> --source people.csv --source pipelines/',
    },
    {
      description: 'The question before a launch: may this journey go out?',
      command: '<%= config.bin %> <%= command.id %> --journey "Cart recovery"',
    },
    {
      description: 'A first look at a workspace of millions: 2,000 people and everything of theirs',
      command: '<%= config.bin %> <%= command.id %> --sample 2000',
    },
    {
      description: "Which of the shop's own orders never arrived as a purchase?",
      command: '<%= config.bin %> <%= command.id %> --orders orders.csv',
    },
    { description: 'In CI', command: '<%= config.bin %> <%= command.id %> --json > report.json' },
  ]
  static override flags = runFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(Run)
    const { runAudit } = await import('../cli/run-audit.ts')
    await this.work((io) => runAudit(flags, io, this.config.version))
  }
}
