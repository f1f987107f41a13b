import { BaseCommand } from '../cli/base-command.ts'
import { commonFlags, runFlags } from '../cli/flags.ts'

const { plan, waivers, baseline, 'max-rate': maxRate } = runFlags

export default class Doctor extends BaseCommand {
  static override summary =
    'Check keys, region, permissions, clock, config and plan, and name the rules that could not judge.'
  static override description =
    'Sends a handful of small reads. Exits 0 when a run would work, otherwise with the code that the run would give.'
  static override examples = [
    { description: 'Before the first run', command: '<%= config.bin %> <%= command.id %>' },
  ]
  static override flags = { ...commonFlags, plan, waivers, baseline, 'max-rate': maxRate }

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor)
    const { runDoctor } = await import('../cli/run-doctor.ts')
    await this.work((io) => runDoctor(flags, io, this.config.version))
  }
}
