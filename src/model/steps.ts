import type { ShopOrder } from '../core/order.ts'
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
import { buildRoster } from './roster/index.ts'
import { buildMerges } from './merges.ts'
import { buildPeople, buildSharedEmails } from './people.ts'
import { buildMisfitFormats } from './misfit-formats.ts'
import { buildMixedProperties } from './mixed-properties.ts'
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
import type { Step } from './step.ts'
import { buildSurvivors } from './survivors.ts'
import { buildSlowAttributes } from './slow-attributes.ts'
import { buildSharedContacts } from './shared-contacts.ts'
import { buildSuspects } from './suspects.ts'
import { buildTesterSends } from './tester-sends.ts'
import { buildTesters } from './testers.ts'
import { buildTotals } from './totals.ts'
import { buildVersionFlaps } from './version-flaps.ts'
import { createWeekRhythm } from './week-rhythm.ts'

/**
 * The model, in the order in which it is made. What each table means is told where it is made. `makes` and `reads` are
 * what a run builds only the needed part from; a test compares them with what the statements really do.
 */
export const steps: readonly Step[] = [
  {
    name: 'roster',
    makes: [
      'absent_row',
      'absent_user',
      'anonymous_key',
      'device_call',
      'gone',
      'holding',
      'holding_of_sources',
      'merged_record',
      'met_key',
      'record',
      'source_record',
      'user_key',
    ],
    reads: ['absent_row', 'absent_user'],
    build: buildRoster,
  },
  {
    name: 'people',
    makes: ['placeholder', 'profile'],
    reads: ['record'],
    build: (db, { settings }) => buildPeople(db, settings),
  },
  {
    name: 'shared-emails',
    makes: ['shared_email', 'varied_email'],
    reads: ['profile'],
    build: (db, { settings }) => buildSharedEmails(db, settings),
  },
  {
    name: 'id-formats',
    makes: ['canonical_id', 'email_as_id', 'id_misfit'],
    reads: ['profile'],
    build: (db, { settings }) => buildIdFormats(db, settings),
  },
  {
    name: 'devices',
    makes: ['app_build', 'device', 'held_device'],
    reads: ['gone', 'holding', 'placeholder'],
    build: (db, { settings, asOf }) => buildDevices(db, settings, asOf),
  },
  {
    name: 'creation-days',
    makes: ['creation_day', 'shortcoming'],
    reads: ['device', 'placeholder', 'profile'],
    build: buildCreationDays,
  },
  {
    name: 'misfit-formats',
    makes: ['misfit_format'],
    reads: ['canonical_id', 'device', 'id_misfit', 'profile'],
    build: buildMisfitFormats,
  },
  {
    name: 'clusters',
    makes: ['cluster_link', 'kept_apart', 'member', 'profile_reason'],
    reads: ['device', 'held_device', 'placeholder', 'profile'],
    build: (db, { settings }) => buildClusters(db, settings),
  },
  {
    name: 'shared-contacts',
    makes: ['contact_holder', 'shared_contact'],
    reads: ['member', 'placeholder', 'profile'],
    build: (db, { settings }) => buildSharedContacts(db, settings),
  },
  {
    name: 'id-variants',
    makes: ['id_variant'],
    reads: ['cluster_link', 'kept_apart', 'member', 'profile'],
    build: buildIdVariants,
  },
  {
    name: 'custody',
    makes: ['device_call', 'former_holder', 'token_custody'],
    reads: ['device', 'device_call', 'user_key'],
    build: buildCustody,
  },
  {
    name: 'shared-tokens',
    makes: ['shared_token'],
    reads: ['device', 'member', 'token_custody'],
    build: buildSharedTokens,
  },
  {
    name: 'happenings',
    makes: [
      'anonymous_key',
      'caller',
      'double_source',
      'happened',
      'happening',
      'person',
      'stored',
      'superseded',
    ],
    reads: ['anonymous_key', 'double_source', 'gone', 'member', 'record', 'user_key'],
    build: (db, { since, until }) => buildHappenings(db, since, until),
  },
  {
    name: 'journeys',
    makes: ['journey', 'journey_message', 'journey_segment'],
    reads: [],
    build: (db, { journeys }) => buildJourneys(db, journeys),
  },
  {
    name: 'journey-variables',
    makes: ['journey_unread', 'journey_variable'],
    reads: ['journey_message'],
    build: buildJourneyVariables,
  },
  {
    name: 'event-names',
    makes: ['event_name', 'expectation', 'seen'],
    reads: ['happening', 'journey'],
    build: async (db, given) => {
      given.held = await buildEventNames(db, given.plan)
    },
  },
  {
    name: 'events',
    makes: ['event'],
    reads: ['caller', 'event_name', 'happening'],
    build: (db, { held }) => buildEvents(db, held),
  },
  {
    name: 'property-defects',
    makes: ['property_defect'],
    reads: ['event', 'event_name', 'person', 'stored'],
    build: (db, { held }) => buildPropertyDefects(db, held),
  },
  { name: 'suspects', makes: ['suspect'], reads: ['event', 'property_defect'], build: buildSuspects },
  {
    name: 'audience',
    makes: ['audience'],
    reads: ['device', 'event', 'event_name', 'person', 'profile', 'record'],
    build: (db, { settings, since, until }) => buildAudience(db, settings, since, until),
  },
  {
    name: 'survivors',
    makes: ['mate', 'survivor'],
    reads: ['audience', 'device', 'event', 'id_misfit', 'member', 'profile'],
    build: buildSurvivors,
  },
  {
    name: 'attributes',
    makes: ['attribute_defect', 'attribute_plan'],
    reads: ['audience', 'device', 'profile', 'record'],
    build: (db, { settings, plan }) => buildAttributes(db, plan, settings.push.optInAttribute),
  },
  {
    name: 'attribute-names',
    makes: [
      'attribute_breach',
      'attribute_kind',
      'attribute_name',
      'attribute_oddity',
      'attribute_spelling',
      'rare_spelling',
    ],
    reads: ['record'],
    build: (db, { plan }) => buildAttributeNames(db, plan),
  },
  {
    name: 'derived-facts',
    makes: ['derived_fact'],
    reads: ['event', 'event_name', 'person', 'record'],
    build: (db, { plan }) => buildDerivedFacts(db, plan),
  },
  {
    name: 'key-copies',
    makes: ['key_copy'],
    reads: ['event', 'event_name', 'person', 'stored'],
    build: (db, { held }) => buildKeyCopies(db, held),
  },
  {
    name: 'burst-copies',
    makes: ['burst_copy'],
    reads: ['event', 'event_name', 'person', 'stored'],
    build: (db, { held, burstWindowSeconds }) => buildBurstCopies(db, held, burstWindowSeconds),
  },
  {
    name: 'guard-advice',
    makes: ['guard_advice'],
    reads: ['burst_copy', 'event', 'key_copy'],
    build: buildGuardAdvice,
  },
  {
    name: 'keyless-events',
    makes: ['keyless_event'],
    reads: ['event', 'event_name', 'person'],
    build: buildKeylessEvents,
  },
  {
    name: 'name-variants',
    makes: ['name_variant', 'variant_event'],
    reads: ['event', 'event_name', 'person'],
    build: (db, { plan }) => buildNameVariants(db, plan),
  },
  {
    name: 'noise',
    makes: ['busy_event', 'loud_event', 'opening', 'opens_only'],
    reads: ['event', 'event_name', 'person', 'profile'],
    build: (db, { settings }) => buildNoise(db, settings),
  },
  {
    name: 'week rhythm',
    makes: ['week_rhythm'],
    // The audit fills two of these.
    reads: ['day_count', 'event_name', 'known_day'],
    build: createWeekRhythm,
  },
  {
    name: 'funnel',
    makes: ['funnel', 'funnel_buyer', 'lone_purchase'],
    reads: ['event', 'event_name', 'person', 'stored'],
    build: (db, { since }) => buildFunnel(db, since),
  },
  {
    name: 'unplanned',
    makes: ['looked_at', 'unplanned_use'],
    reads: ['event', 'event_name', 'stored'],
    build: (db, { plan, held }) => buildUnplanned(db, plan, held),
  },
  {
    name: 'renames',
    makes: ['renamed_event'],
    reads: ['event_name'],
    build: (db, { plan }) => buildRenames(db, plan),
  },
  {
    name: 'cart-values',
    makes: ['cart_value'],
    reads: ['event', 'event_name', 'person'],
    build: buildCartValues,
  },
  {
    name: 'bad-times',
    makes: ['bad_time'],
    reads: ['caller', 'event_name', 'happening'],
    build: (db, { asOf }) => buildBadTimes(db, asOf),
  },
  {
    name: 'mixed-properties',
    makes: ['mixed_property'],
    reads: ['event', 'event_name', 'person', 'stored'],
    build: buildMixedProperties,
  },
  {
    name: 'baskets',
    makes: ['basket'],
    reads: ['event_name', 'happening'],
    build: (db, { held }) => buildBaskets(db, held),
  },
  {
    name: 'item-shapes',
    makes: ['item_fault'],
    reads: ['basket', 'event', 'event_name', 'person', 'stored'],
    build: (db, { held }) => buildItemShapes(db, held),
  },
  {
    name: 'cart-order',
    makes: ['overtaken_cart', 'placed_cart'],
    reads: ['caller', 'event_name', 'happening', 'person'],
    build: buildCartOrder,
  },
  {
    name: 'order-copies',
    makes: ['order_copy'],
    reads: ['basket', 'event', 'person', 'stored'],
    build: buildOrderCopies,
  },
  {
    name: 'shop-orders',
    makes: ['order_match', 'placed_order', 'shop_order', 'stray_purchase'],
    reads: ['basket', 'event', 'person', 'profile', 'stored'],
    build: (db, { since, until, orders }) => buildShopOrders(db, orders ?? noOrders(), since, until),
  },
  {
    name: 'totals',
    makes: ['basket_breach', 'learned_total'],
    reads: ['basket', 'event', 'person', 'stored'],
    build: buildTotals,
  },
  {
    name: 'split-history',
    makes: ['cluster_subject', 'split_history'],
    reads: ['cart_value', 'cluster_link', 'device', 'holding', 'mate'],
    build: buildSplitHistory,
  },
  {
    name: 'merges',
    makes: ['merge_device', 'merge_suggestion'],
    reads: ['device', 'holding', 'mate', 'profile', 'profile_reason', 'record', 'survivor'],
    build: buildMerges,
  },
  {
    name: 'ledger',
    makes: ['ledger_cart', 'ledger_cell'],
    reads: ['audience', 'cart_value', 'event', 'journey', 'person'],
    build: buildLedger,
  },
  {
    name: 'address-history',
    makes: ['address_history'],
    reads: ['placeholder', 'user_key'],
    build: (db, { since, until }) => buildAddressHistory(db, since, until),
  },
  {
    name: 'placeholders',
    makes: ['placeholder_holder'],
    reads: ['address_history', 'audience', 'device', 'placeholder', 'profile'],
    build: buildPlaceholders,
  },
  {
    name: 'refusals',
    makes: ['refused_identifier', 'refused_profile'],
    reads: ['member', 'profile', 'user_key'],
    build: (db, { since, until }) => buildRefusals(db, since, until),
  },
  {
    name: 'rejections',
    makes: ['activity_volume', 'rejection'],
    reads: [],
    build: (db, { since, until }) => buildRejections(db, since, until),
  },
  {
    name: 'newcomers',
    makes: ['merged_visitor', 'new_profile'],
    reads: ['audience', 'profile'],
    build: (db, { since, until }) => buildNewcomers(db, since, until),
  },
  {
    name: 'slow-attributes',
    makes: ['slow_attribute', 'slow_attribute_base'],
    reads: ['attribute_defect', 'new_profile', 'user_key'],
    build: (db, { plan, asOf }) => buildSlowAttributes(db, plan, asOf),
  },
  {
    name: 'version-flaps',
    makes: ['version_flap'],
    reads: ['device'],
    build: (db, { since, until }) => buildVersionFlaps(db, since, until),
  },
  {
    name: 'pushes',
    makes: ['push'],
    reads: ['device'],
    build: (db, { since, until }) => buildPushes(db, since, until),
  },
  {
    name: 'logins',
    makes: ['auth_event'],
    reads: ['caller', 'event_name'],
    build: (db, { settings, since, until }) => buildLogins(db, settings, since, until),
  },
  {
    name: 'unmerged',
    makes: ['anonymous_visit'],
    reads: ['anonymous_key', 'auth_event', 'event', 'event_name', 'happened', 'profile', 'user_key'],
    build: buildUnmerged,
  },
  {
    name: 'testers',
    makes: ['tester'],
    reads: ['event', 'event_name', 'happened', 'person', 'placeholder', 'profile', 'record'],
    build: (db, { settings }) => buildTesters(db, settings),
  },
  {
    name: 'cart-walks',
    makes: ['cart_walk'],
    reads: ['audience', 'event', 'event_name', 'held_device', 'person', 'profile', 'property_defect'],
    build: buildCartWalks,
  },
  { name: 'reach', makes: ['reach'], reads: ['event', 'journey', 'person', 'record'], build: buildReach },
  {
    name: 'trigger-rhythms',
    makes: ['trigger_rhythm'],
    reads: ['journey'],
    build: (db, { until, asOf }) => buildTriggerRhythms(db, until, asOf),
  },
  {
    name: 'trigger-guards',
    makes: ['trigger_guard'],
    reads: ['burst_copy', 'event', 'event_name', 'happening', 'key_copy'],
    build: buildTriggerGuards,
  },
  {
    name: 'journey-dates',
    makes: ['journey_date', 'unusable_date'],
    reads: ['journey', 'record'],
    build: buildJourneyDates,
  },
  {
    name: 'liquid-gaps',
    makes: ['liquid_gap', 'liquid_render'],
    reads: ['event', 'journey', 'journey_date', 'journey_variable', 'person', 'profile', 'record', 'stored'],
    build: buildLiquidGaps,
  },
  {
    name: 'sends',
    makes: ['double_send', 'send'],
    reads: ['burst_copy', 'key_copy', 'person'],
    build: (db, { since, until }) => buildSends(db, since, until),
  },
  {
    name: 'tester-sends',
    makes: ['tester_send'],
    reads: ['journey', 'send', 'tester'],
    build: buildTesterSends,
  },
]

async function* noOrders(): AsyncIterable<readonly ShopOrder[]> {}
