import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { commonFlags } from '../../cli/flags.ts'

export default class RulesExplain extends BaseCommand {
  static override summary =
    'The whole page of one rule: why it matters, how it decides, what it cannot see, how to mend it.'
  static override examples = [
    {
      description: 'Why duplicates matter, and how they are found',
      command: '<%= config.bin %> <%= command.id %> identity/duplicate-email',
    },
  ]
  static override flags = { config: commonFlags.config }
  static override args = {
    rule: Args.string({ required: true, description: 'such as identity/duplicate-email' }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RulesExplain)
    const { explainRule } = await import('../../cli/list-rules.ts')
    await this.work((io) => explainRule(args.rule, flags.config, io))
  }
}
