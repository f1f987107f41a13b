import { BaseCommand } from '../../cli/base-command.ts'
import { inferFlags } from '../../cli/plan-flags.ts'

export default class PlanInfer extends BaseCommand {
  static override summary =
    'Write a first tracking plan from what was observed, with the evidence for each line beside it.'
  static override description =
    'Looks at the last snapshot, or at files with --source; never at the network. Writes nothing over a file that is there.'
  static override examples = [
    { description: 'From the last pull', command: '<%= config.bin %> <%= command.id %>' },
    {
      description: 'From files, up to the release that is in doubt',
      command: '<%= config.bin %> <%= command.id %> --source pipelines/ --until 2026-11-10 --out draft.yaml',
    },
  ]
  static override flags = inferFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(PlanInfer)
    const { runPlanInfer } = await import('../../cli/plan-infer.ts')
    await this.work((io) => runPlanInfer(flags, io, this.config.version))
  }
}
