import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.ts'
import { importFlags } from '../../cli/plan-flags.ts'

export default class PlanImport extends BaseCommand {
  static override summary =
    'Take a tracking plan over from Segment, from JSON Schema or from a CSV, and list what could not be taken over.'
  static override description =
    'A CSV has one row for each property: event, property, type, required, enum, min, max, pattern, intent, critical, dedupe_key, aliases; a row without an event is an attribute.'
  static override examples = [
    {
      description: 'From the rules that the API of Segment lists',
      command: '<%= config.bin %> <%= command.id %> rules.json --from segment',
    },
    {
      description: 'From a sheet',
      command: '<%= config.bin %> <%= command.id %> plan.csv --from csv --out draft.yaml',
    },
  ]
  static override args = { file: Args.string({ required: true, description: 'the file to take over' }) }
  static override flags = importFlags

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PlanImport)
    const { runPlanImport } = await import('../../cli/plan-import.ts')
    await this.work((io) => runPlanImport(args.file, flags, io))
  }
}
