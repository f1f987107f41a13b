import { BaseCommand } from '../cli/base-command.ts'
import { commonFlags, reportFlags, scopeFlags, shopFlags } from '../cli/flags.ts'

const { quiet, verbose, 'no-color': noColor } = commonFlags

export default class Demo extends BaseCommand {
  static override summary = 'See the whole thing: a simulated Customer.io on this machine, audited over HTTP.'
  static override description =
    'Needs no key and leaves nothing behind. Exits 0 when the audit worked, and says which code a real run would have given.'
  static override examples = [
    { description: 'A shop with planted defects', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'The question before a launch: may this draft go out?',
      command: '<%= config.bin %> <%= command.id %> --journey "Back in stock"',
    },
    {
      description: 'A healthy shop of 10,000 people, with the report as files',
      command: '<%= config.bin %> <%= command.id %> --variant healthy --people 10000 --out demo',
    },
  ]
  static override flags = { ...shopFlags, ...reportFlags, ...scopeFlags, quiet, verbose, 'no-color': noColor }

  async run(): Promise<void> {
    const { flags } = await this.parse(Demo)
    const { runDemo } = await import('../cli/run-demo.ts')
    await this.work((io) => runDemo(flags, io, this.config.version))
  }
}
