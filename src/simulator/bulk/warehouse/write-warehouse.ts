import type { Database } from '../../../engine/database.ts'
import { noteDoubleSends } from '../../plants/sends.ts'
import { noteTesterSends } from '../../plants/tester-sends.ts'
import type { Shop } from '../../population/population.ts'
import { derivedSeed, Random } from '../../random.ts'
import type { PopulationOptions } from '../../types.ts'
import type { Part, PartPlan } from '../parts.ts'
import { syncCampaigns, syncMessages } from './messages.ts'
import { syncPeople } from './people.ts'
import { SyncFiles } from './tables.ts'

/** One block of a shop as a warehouse sync writes it: people, attributes and messages, but neither devices nor events. */
export async function writeWarehouse(
  { population, shoppers, facts }: Shop,
  options: PopulationOptions,
  plan: Pick<PartPlan, 'folder' | 'prefix'>,
  database: Database,
): Promise<Part[]> {
  const { people, deliveries, campaigns } = population
  const { seed, block } = options
  const files = new SyncFiles(plan)
  const random = new Random(derivedSeed(seed, 'warehouse'))
  const now = Math.floor(options.now.getTime() / 1000)
  syncPeople({ shoppers, files, random, now, block })
  syncMessages({ people, deliveries, files, now })
  noteDoubleSends(facts, population)
  noteTesterSends(facts, population)
  // Journeys belong to the workspace and not to its people.
  if ((block?.number ?? 0) === 0) syncCampaigns(campaigns, files)
  return files.finish(database)
}
