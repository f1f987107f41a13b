import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { diffFlags } from '../../cli/plan-flags.ts'

export default class PlanDiff extends BaseCommand {
  static override summary =
    'Say what changed between two tracking plans, what of it breaks, and which running journeys that meets.'
  static override description =
    'Breaking: what is sent by the first plan can be a defect by the second, or what reads by the first may find nothing. Journeys are those of the last snapshot.'
  static override examples = [
    {
      description: 'Before a release',
      command: '<%= config.bin %> <%= command.id %> tracking-plan.yaml next.yaml',
    },
    { description: 'For a bot', command: '<%= config.bin %> <%= command.id %> old.yaml new.yaml --json' },
  ]
  static override args = {
    before: Args.string({ required: true, description: 'the plan that holds today' }),
    after: Args.string({ required: true, description: 'the plan that is to hold' }),
  }
  static override flags = diffFlags

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PlanDiff)
    const { runPlanDiff } = await import('../../cli/plan-diff.ts')
    await this.work((io) => runPlanDiff(args, flags, io))
  }
}
