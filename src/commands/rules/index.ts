import { BaseCommand } from '../../cli/base-command.ts'
import { commonFlags } from '../../cli/flags.ts'

export default class Rules extends BaseCommand {
  static override summary = 'List the rules.'
  static override examples = [{ description: 'All of them', command: '<%= config.bin %> <%= command.id %>' }]
  static override flags = { config: commonFlags.config, 'no-color': commonFlags['no-color'] }

  async run(): Promise<void> {
    const { flags } = await this.parse(Rules)
    const { listRules } = await import('../../cli/list-rules.ts')
    await this.work((io) => listRules(flags.config, io, flags['no-color']))
  }
}
