import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { commonFlags } from '../../cli/flags.ts'

export default class PlanCheck extends BaseCommand {
  static override summary = 'Say what is wrong in a tracking plan, with line and column; exits 0 or 2.'
  static override examples = [
    { description: 'The plan of this folder', command: '<%= config.bin %> <%= command.id %>' },
    { description: 'Another one', command: '<%= config.bin %> <%= command.id %> plans/next.yaml' },
  ]
  static override args = { file: Args.string({ description: 'the plan [default: tracking-plan.yaml]' }) }
  static override flags = { 'no-color': commonFlags['no-color'] }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PlanCheck)
    const { runPlanCheck } = await import('../../cli/plan-check.ts')
    await this.work((io) => runPlanCheck(args.file, flags['no-color'], io))
  }
}
