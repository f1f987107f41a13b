import type { FactBook } from '../facts.ts'
import type { SharedKey, Shopper } from '../population/shopper.ts'
import type { Random } from '../random.ts'
import type { PopulationOptions } from '../types.ts'
import { plantMissingAttributes, plantUntrackedPermission, plantWrongAttributeTypes } from './attributes.ts'
import { plantAddressHistories } from './address-history.ts'
import { plantAttributeNames } from './attribute-names.ts'
import { cases, Cast, type PersonTwice } from './cast.ts'
import { noteCensus } from './census.ts'
import { plantConflicts, plantConflictNearMisses } from './conflicts.ts'
import { plantCrowds, plantCrowdNearMisses } from './crowds.ts'
import { plantCustody } from './custody.ts'
import { plantDevices } from './device-cases.ts'
import { noteDevices } from './device-truth.ts'
import {
  plantDuplicateEmails,
  plantEmailNearMisses,
  plantEmailVariants,
  plantMassEmails,
  shareEmail,
} from './emails.ts'
import { plantRejections } from './rejections.ts'
import { noteSplitHistories, plantSplitByPhone } from './split-history.ts'
import { plantNeverUsed, plantSpeltPlatforms } from './idle-devices.ts'
import { plantIdFormats } from './id-formats.ts'
import {
  plantAnonymousProfiles,
  plantEmailIds,
  plantIdSurge,
  plantMissingIds,
  plantUnreachable,
} from './identifiers.ts'
import { plantPlaceholders } from './placeholders.ts'
import { plantDuplicatePhones, plantIdVariants, plantSharedPhones } from './shared-values.ts'
import { noteTesters, plantTesters } from './testers.ts'
import {
  plantAccountSwitches,
  plantAnonymousHolders,
  plantFamily,
  plantSharedTokens,
  plantSplitPeople,
  plantTokenNearMisses,
} from './tokens.ts'

export interface PeoplePlan extends PopulationOptions {
  readonly shoppers: readonly Shopper[]
  readonly facts: FactBook
  readonly random: Random
}

export interface PlantedPeople {
  /** To be sent twice. */
  readonly sharedKeys: readonly SharedKey[]
  readonly persons: readonly PersonTwice[]
  /** Null in the sterile shop, where nothing is planted. */
  readonly cast: Cast | null
}

/** What is wrong with people, devices and attributes, and what only looks wrong. */
export function plantPeople({ shoppers, facts, random, ...options }: PeoplePlan): PlantedPeople {
  if (options.variant === 'sterile') return { sharedKeys: [], persons: [], cast: null }
  const cast = new Cast(options, shoppers, facts, random)
  const { people } = options
  if (options.variant === 'broken') {
    plantDuplicateEmails(cast, people)
    plantMassEmails(cast, people)
    plantEmailNearMisses(cast, people)
    plantSharedTokens(cast, people)
    plantAnonymousHolders(cast, people)
    plantSplitPeople(cast, people)
    plantSplitByPhone(cast, people)
    plantTokenNearMisses(cast, people)
    plantCustody(cast, people)
    plantSharedKeys(cast, people)
    plantUntrackedPermission(cast, people)
  }
  importHistory(cast, people)
  plantEmailVariants(cast, people, options.variant === 'healthy')
  for (let turn = 0; turn < cases(people, 0.01, 2); turn += 1) plantFamily(cast, false)
  if (options.variant === 'healthy') {
    plantFewDuplicates(cast, Math.round(people * 0.0005))
    plantAccountSwitches(cast, Math.round(people * 0.0004))
  }
  // A small shop has people for the cases above, of which more than one rule speaks; these take who is left.
  if (options.variant === 'broken') {
    plantCrowds(cast, people)
    plantCrowdNearMisses(cast, people)
    plantConflicts(cast, people)
    plantConflictNearMisses(cast, people)
    plantDevices(cast, people)
    plantIdentifiers(cast, people)
    plantTesters(cast, people)
  }
  // A good shop has newsletter readers without an account, and a few people whom nothing reaches.
  plantMissingIds(cast, people, options.variant === 'broken' ? 1 : 0.5)
  plantUnreachable(cast, people, options.variant === 'broken' ? 1 : 0.25)
  if (options.variant === 'broken') plantRejections(cast, shoppers)
  // By now it is settled who buys.
  if (options.variant === 'broken') plantAttributeNames(cast, shoppers)
  // 0.04 keeps the healthy shop an order of magnitude below every threshold.
  const scale = options.variant === 'broken' ? 1 : 0.04
  plantMissingAttributes(cast, shoppers, scale)
  plantWrongAttributeTypes(cast, shoppers, scale)
  if (options.variant === 'broken') {
    plantSpeltPlatforms(cast, people)
    plantNeverUsed(cast, people)
    plantAddressHistories(cast, people)
  }
  noteDevices(cast, shoppers)
  noteCensus(facts, shoppers)
  noteTesters(facts, shoppers)
  noteSplitHistories(cast)
  return { sharedKeys: cast.sharedKeys, persons: cast.persons, cast }
}

/** What is wrong with ids, and with the contacts that several profiles have. */
function plantIdentifiers(cast: Cast, people: number): void {
  plantIdSurge(cast, people)
  plantEmailIds(cast, people)
  plantAnonymousProfiles(cast, people)
  plantIdFormats(cast, people)
  plantPlaceholders(cast, people)
  plantDuplicatePhones(cast, people)
  plantSharedPhones(cast, people)
  plantIdVariants(cast, people)
}

/** A retry that reached the other profile of the same person: one key, two profiles, one event too many. */
function plantSharedKeys(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.0015, 5); turn += 1) {
    const members = cast.take(2)
    if (members === null) return
    for (const shopper of members) cast.dress(shopper, { depth: 'cart', devices: 1 })
    shareEmail(cast, members, (email) => email)
    cast.shareKey(members, true)
  }
}

/** A good shop has a few, too: below a thousandth of the addresses. */
function plantFewDuplicates(cast: Cast, count: number): void {
  for (let turn = 0; turn < count; turn += 1) {
    const members = cast.take(2)
    if (members?.[1] === undefined) return
    members[1].depth = 'none'
    members[1].person.devices = []
    shareEmail(cast, members, (email) => email.toUpperCase())
    cast.noteOrphans(members)
  }
}

/** Customers of an older system, all created in one second, with orders from long before the window. */
function importHistory(cast: Cast, people: number): void {
  const createdAt = cast.nowSeconds - 60 * 86_400
  const imported = cast.take(cases(people, 0.02, 3)) ?? []
  for (const shopper of imported) {
    shopper.person.createdAt = createdAt
    shopper.person.devices = []
    shopper.depth = 'none'
    shopper.surface = 'pos'
    shopper.imported = true
  }
}
