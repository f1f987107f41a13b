/**
 * The list of rules that the project set itself, apart from the code: severity, and which sources show the defect. `A` App
 * API, `E` people export, `W` warehouse sync, `P` Pipelines files; a small letter: in part; `history`: runs that were
 * kept. A rule that comes, goes or changes one of these changes this list too, on purpose.
 */
export const catalogue: Readonly<Record<string, readonly ['error' | 'warn' | 'info', string]>> = {
  'identity/duplicate-email': ['error', 'AEWp'],
  'identity/email-variant': ['info', 'AEW'],
  'identity/duplicate-phone': ['error', 'AEW'],
  'identity/shared-contact': ['info', 'AEW'],
  'identity/id-variant': ['error', 'AEWp'],
  'identity/email-as-id': ['error', 'AEWp'],
  'identity/mixed-id-format': ['error', 'AEWp'],
  'identity/missing-id': ['warn', 'AEW'],
  'identity/placeholder-id': ['error', 'AEWP'],
  'identity/split-history': ['error', 'AP'],
  'identity/late-identify': ['error', 'P'],
  'identity/identify-without-attributes': ['warn', 'aWP'],
  'identity/unmerged-anonymous': ['error', 'P'],
  'identity/merge-evidence': ['error', 'A'],
  'identity/anonymous-profile': ['warn', 'AEWp'],
  'identity/conflict': ['error', 'Ap'],
  'identity/over-merged': ['warn', 'Ap'],
  'identity/unreachable': ['warn', 'Aew'],
  'devices/shared-token': ['error', 'AP'],
  'devices/orphaned-token': ['error', 'AP'],
  'devices/stale-token': ['info', 'A'],
  'devices/undeliverable-token': ['warn', 'A'],
  'devices/push-outcomes': ['warn', 'AW'],
  'devices/malformed-token': ['error', 'AP'],
  'devices/too-many': ['warn', 'A'],
  'devices/debug-build': ['warn', 'AP'],
  'devices/missing-metadata': ['info', 'AP'],
  'devices/sdk-flapping': ['warn', 'aP'],
  'devices/permission-untracked': ['error', 'AP'],
  'devices/permission-contradiction': ['warn', 'A'],
  'devices/opted-in-unreachable': ['error', 'A'],
  'attributes/missing': ['error', 'AEWp'],
  'attributes/wrong-type': ['error', 'AEWP'],
  'attributes/mixed-type': ['warn', 'AEWP'],
  'attributes/name-collision': ['warn', 'AEWP'],
  'attributes/limits': ['warn', 'AEW'],
  'attributes/brittle': ['info', 'AEW'],
  'attributes/stale-fact': ['warn', 'AP'],
  'events/missing-critical': ['error', 'AP'],
  'events/unseen-orders': ['error', 'AP'],
  'events/name-variant': ['error', 'AP'],
  'events/renamed': ['error', 'AP'],
  'events/naming-convention': ['info', 'AP'],
  'events/unplanned': ['info', 'AP'],
  'events/missing-property': ['error', 'AP'],
  'events/wrong-type': ['error', 'AP'],
  'events/mixed-type': ['warn', 'AP'],
  'events/inconsistent-items': ['error', 'AP'],
  'events/cart-payload': ['warn', 'AP'],
  'events/purchase-total': ['warn', 'AP'],
  'events/duplicate-key': ['error', 'AP'],
  'events/duplicate-burst': ['error', 'AP'],
  'events/duplicate-order': ['error', 'AP'],
  'events/missing-key': ['warn', 'AP'],
  'events/bad-timestamp': ['error', 'aP'],
  'events/out-of-order': ['warn', 'P'],
  'events/noisy': ['warn', 'AP'],
  'events/background-opens': ['warn', 'AP'],
  'events/broken-funnel': ['warn', 'AP'],
  'events/rejected': ['error', 'A'],
  'events/volume-shift': ['warn', 'history'],
  'journeys/dead-trigger': ['error', 'AP'],
  'journeys/empty-segment': ['error', 'A'],
  'journeys/double-send': ['error', 'AW'],
  'journeys/noisy-trigger': ['error', 'AP'],
  'journeys/micro-event-trigger': ['warn', 'AP'],
  'journeys/unguarded-trigger': ['warn', 'AP'],
  'journeys/unusable-date': ['error', 'AEW'],
  'journeys/no-eligibility-filter': ['info', 'A'],
  'journeys/testers-included': ['warn', 'AW'],
  'journeys/liquid-contract': ['warn', 'AP'],
  'governance/test-profiles': ['warn', 'AEWP'],
  'governance/plan-drift': ['warn', 'history'],
  'spot-check/cart-journey': ['error', 'Ap'],
}

/** Rules of the list that are not there, and why. */
export const later: Readonly<Record<string, string>> = {
  'events/volume-shift':
    'a weekly rhythm shows only after six weeks of history, which neither a pull nor the kept runs hold yet',
}

/** Where a rule differs from the list on purpose: what it says instead, and why. */
export const deliberate: Readonly<
  Record<string, { readonly severity?: string; readonly sources?: string; readonly reason: string }>
> = {
  'journeys/double-send': {
    sources: 'W',
    reason: 'over the API an activity says that a message was sent, but not by which journey and step',
  },
  'journeys/testers-included': {
    sources: 'W',
    reason: 'over the API an activity says that a message was sent, but not by which journey',
  },
}
