import type { PersonFacts } from '../../model/person-facts.ts'
import { clusterStep, foundStep, idStep, knownStep } from './identity.ts'
import { journeyStep } from './journeys.ts'
import type { Chain, Search, Spelling, Step } from './links.ts'
import { attributeStep, eventStep, isHeld } from './planned.ts'
import { deviceStep, permissionStep } from './reach.ts'

export type { Chain, Mark, Search, Spelling } from './links.ts'

/** The spot check of one person (catalogue, `spot-check/cart-journey`), link by link. */
export function personChain(
  facts: PersonFacts,
  search: Search,
  cut: readonly string[],
  spell: Spelling,
): Chain {
  const steps = [
    foundStep(facts, search, spell),
    knownStep(facts, spell),
    idStep(facts, spell),
    clusterStep(facts, search, spell),
    attributeStep(facts, spell),
    permissionStep(facts),
    deviceStep(facts, search, spell),
    eventStep(facts, spell),
    journeyStep(facts, search, spell),
  ]
  return { decision: decide(steps, facts, cut), steps }
}

/** What is missing from data that was cut off may only not have been read; a defect that is seen is one. */
function decide(steps: readonly Step[], facts: PersonFacts, cut: readonly string[]): Chain['decision'] {
  if (steps.some(({ mark }) => mark === 'fail')) return 'no-go'
  return cut.length > 0 || !facts.events.some(isHeld) ? 'inconclusive' : 'go'
}
