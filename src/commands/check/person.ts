import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { checkFlags } from '../../cli/check-flags.ts'

export default class CheckPerson extends BaseCommand {
  static override summary = 'Follow one person from the identifier to a push that arrives, step by step.'
  static override description = `Asks the API with about ten small reads, or looks into the last snapshot with --offline, or into files with --source.

Exit codes: 0 the chain holds, 1 it breaks, 3 nobody was found or not everything could be judged; the others as for run.`
  static override examples = [
    { description: 'Over the API', command: '<%= config.bin %> <%= command.id %> ana@shop.example' },
    {
      description: 'In the last snapshot, by id',
      command: '<%= config.bin %> <%= command.id %> u-1001 --id-type id --offline',
    },
  ]
  static override args = {
    identifier: Args.string({ required: true, description: 'id, e-mail, phone or cio_id' }),
  }
  static override flags = checkFlags

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CheckPerson)
    const { runCheckPerson } = await import('../../cli/check-person.ts')
    await this.work((io) => runCheckPerson(args.identifier, flags, io, this.config.version))
  }
}
