import { BaseCommand } from '../cli/base-command.ts'
import { pullFlags } from '../cli/flags.ts'

export default class Pull extends BaseCommand {
  static override summary =
    'Only bring the workspace into the local snapshot; goes on where an earlier pull stopped.'
  static override examples = [
    { description: 'The last 30 days', command: '<%= config.bin %> <%= command.id %>' },
    { description: 'Begin again', command: '<%= config.bin %> <%= command.id %> --fresh --since 14d' },
  ]
  static override flags = pullFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(Pull)
    const { runPull } = await import('../cli/run-pull.ts')
    await this.work((io) => runPull(flags, io, this.config.version))
  }
}
