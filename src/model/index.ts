import type { ShopOrder } from '../core/order.ts'
import type { Plan } from '../core/plan.ts'
import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { buildAddressHistory } from './address-history.ts'
import { buildAttributeNames } from './attribute-names.ts'
import { buildAttributes } from './attributes.ts'
import { buildCartOrder } from './cart-order.ts'
import { buildCartWalks } from './cart-walks.ts'
import { buildBadTimes } from './bad-times.ts'
import { buildBaskets } from './baskets.ts'
import { buildClusters } from './clusters.ts'
import { buildDerivedFacts } from './derived-facts.ts'
import { buildCustody } from './custody.ts'
import { buildAudience, buildDevices } from './devices.ts'
import { buildCreationDays } from './creation-days.ts'
import { buildBurstCopies, buildKeyCopies } from './duplicates.ts'
import { buildEventNames } from './event-names.ts'
import { buildEvents } from './events.ts'
import { buildFunnel } from './funnel.ts'
import { buildGuardAdvice } from './guards.ts'
import { buildHappenings } from './happenings.ts'
import { buildIdFormats } from './id-formats.ts'
import { buildIdVariants } from './id-variants.ts'
import { buildJourneyDates } from './journey-dates.ts'
import { buildJourneyVariables } from './journey-variables.ts'
import { buildCartValues, buildJourneys } from './journeys.ts'
import { buildItemShapes } from './item-shapes.ts'
import { buildLedger } from './ledger.ts'
import { buildLiquidGaps } from './liquid-gaps.ts'
import { buildLogins } from './logins.ts'
import { buildKeylessEvents } from './keyless-events.ts'
import { buildNameVariants } from './name-variants.ts'
import { buildNoise } from './noise.ts'
import { buildNewcomers } from './newcomers.ts'
import { buildOrderCopies } from './order-copies.ts'
import { buildRefusals } from './refusals.ts'
import { buildRejections } from './rejections.ts'
import { buildRenames } from './renames.ts'
import { buildRoster, dropRoster } from './roster/index.ts'
import { buildMerges } from './merges.ts'
import { buildPeople, buildSharedEmails } from './people.ts'
import { buildMisfitFormats } from './misfit-formats.ts'
import { buildMixedProperties } from './mixed-properties.ts'
import { createPlanChanges } from './plan-changes.ts'
import { buildPlaceholders } from './placeholders.ts'
import { buildPushes } from './pushes.ts'
import { buildPropertyDefects } from './property-defects.ts'
import { buildReach } from './reach.ts'
import { buildSends } from './sends.ts'
import { buildSplitHistory } from './split-history.ts'
import { buildShopOrders } from './shop-orders.ts'
import { buildSharedTokens } from './shared-tokens.ts'
import { buildUnplanned } from './unplanned.ts'
import { buildTriggerGuards, buildTriggerRhythms } from './trigger-facts.ts'
import { buildUnmerged } from './unmerged.ts'
import { buildSurvivors } from './survivors.ts'
import { buildSlowAttributes } from './slow-attributes.ts'
import { buildSharedContacts } from './shared-contacts.ts'
import { buildSuspects } from './suspects.ts'
import { buildTesterSends } from './tester-sends.ts'
import { buildTesters } from './testers.ts'
import { buildTotals } from './totals.ts'
import { buildVersionFlaps } from './version-flaps.ts'

export interface ModelOptions {
  readonly settings: Settings
  readonly plan: Plan
  readonly since: Date
  readonly until: Date
  readonly asOf: Date
  /** Seconds within which equal events of one person are taken for copies. */
  readonly burstWindowSeconds: number
  /** Leaves what the sources say of people (`record`) for a look at them; rules never need it. */
  readonly keepRoster?: boolean
  /** Ids of journeys that the verdict is asked for; drafts are judged only then. */
  readonly journeys: readonly number[]
  /** The shop's own orders, where it handed them over. */
  readonly orders?: AsyncIterable<readonly ShopOrder[]>
}

/**
 * Builds the audit model from the snapshot that is attached as `snap`: the tables that rules ask. Each step says what
 * its tables mean. Rules never parse JSON or normalise an address; it has been done here, once.
 */
export async function buildModel(db: Database, options: ModelOptions): Promise<void> {
  const { settings, plan, since, until, asOf } = options
  await db.run(raw('create table double_source (matched bigint, only_api bigint, only_files bigint)'))
  await buildRoster(db)
  await buildPeople(db, settings)
  await buildSharedEmails(db, settings)
  await buildSharedContacts(db, settings)
  await buildIdFormats(db, settings)
  await buildDevices(db, settings, asOf)
  await buildCreationDays(db)
  await buildMisfitFormats(db)
  await buildClusters(db, settings)
  await buildIdVariants(db)
  await buildCustody(db)
  await buildSharedTokens(db)
  await buildHappenings(db, since, until)
  await buildJourneys(db, options.journeys)
  await buildJourneyVariables(db)
  const held = await buildEventNames(db, plan)
  await buildEvents(db, held)
  await buildPropertyDefects(db, held)
  await buildSuspects(db)
  await buildAudience(db, settings, since, until)
  await buildSurvivors(db)
  await buildAttributes(db, plan, settings.push.optInAttribute)
  await buildAttributeNames(db, plan)
  await buildDerivedFacts(db, plan)
  await buildKeyCopies(db, held)
  await buildBurstCopies(db, held, options.burstWindowSeconds)
  await buildGuardAdvice(db)
  await buildKeylessEvents(db)
  await buildNameVariants(db, plan)
  await buildNoise(db)
  await buildFunnel(db, since)
  await buildUnplanned(db, plan, held)
  await buildRenames(db, plan)
  await buildCartValues(db)
  await buildBadTimes(db, asOf)
  await buildMixedProperties(db)
  await buildBaskets(db, held)
  await buildItemShapes(db, held)
  await buildCartOrder(db)
  await buildOrderCopies(db)
  await buildShopOrders(db, options.orders ?? noOrders(), since, until)
  await buildTotals(db)
  await buildSplitHistory(db)
  await buildMerges(db)
  await buildLedger(db)
  await buildAddressHistory(db, since, until)
  await buildPlaceholders(db)
  await buildRefusals(db, since, until)
  await buildRejections(db, since, until)
  await buildNewcomers(db, since, until)
  await buildSlowAttributes(db, plan, asOf)
  await buildVersionFlaps(db, since, until)
  await buildPushes(db, since, until)
  await buildLogins(db, settings, since, until)
  await buildUnmerged(db, since, until)
  await buildTesters(db, settings)
  await buildCartWalks(db)
  await buildReach(db)
  await buildTriggerRhythms(db, until, asOf)
  await buildTriggerGuards(db)
  await buildJourneyDates(db)
  await buildLiquidGaps(db)
  await buildSends(db, since, until)
  await buildTesterSends(db)
  if (!options.keepRoster) await dropRoster(db)
  // Filled by the audit, which knows the streams: what no connected source shows to the end.
  await db.run(raw('create table unmet_need (need varchar, reason varchar)'))
  await createPlanChanges(db)
  await db.run(raw('checkpoint'))
}

async function* noOrders(): AsyncIterable<readonly ShopOrder[]> {}
