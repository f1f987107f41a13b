import { BaseCommand } from '../../cli/base-command.ts'
import { exportFlags } from '../../cli/plan-flags.ts'

export default class PlanExport extends BaseCommand {
  static override summary = 'Write the tracking plan as JSON Schema: people and the payload of each event.'
  static override examples = [
    {
      description: 'For a test of the app',
      command: '<%= config.bin %> <%= command.id %> --out plan.schema.json',
    },
  ]
  static override flags = exportFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(PlanExport)
    const { runPlanExport } = await import('../../cli/plan-import.ts')
    await this.work((io) => runPlanExport(flags, io))
  }
}
