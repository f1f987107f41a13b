import { BaseCommand } from '../cli/base-command.ts'
import { initFlags } from '../cli/init-flags.ts'

export default class Init extends BaseCommand {
  static override summary = 'Write a commented cio-audit.yaml and a first tracking-plan.yaml.'
  static override description = `Asks on a terminal, takes flags elsewhere. With CIO_APP_API_KEY set it looks at the workspace first, with a dozen small reads: its name, what ids look like, which events arrive. Nothing is ever written to Customer.io, and no file that is there is written over without --force.`
  static override examples = [
    { description: 'On a terminal', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'In a script, with an example job for GitHub',
      command: '<%= config.bin %> <%= command.id %> --yes --ci github',
    },
    {
      description: 'Without a key',
      command:
        '<%= config.bin %> <%= command.id %> --yes --name "Shop production" --event cart=cart_updated --event purchase=order_completed',
    },
  ]
  static override flags = initFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(Init)
    const { runInit } = await import('../cli/run-init.ts')
    await this.work((io) => runInit(flags, io, this.config.version))
  }
}
