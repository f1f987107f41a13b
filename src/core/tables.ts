/**
 * The tables of the snapshot, in our words. Times are UTC `TIMESTAMP`s without zone; JSON columns hold well-formed
 * JSON text. A column `rest` keeps what a record had beside the columns, so that nothing that was read is lost
 * (null when there was nothing else).
 *
 * Raise `snapshotVersion` when a table changes: an older program then refuses the file instead of misreading it.
 */
export const snapshotVersion = 1

export const snapshotTables = {
  /** Facts about the snapshot itself: `version`, `since`, `pull_started_at`, `pull_ended_at`, `hash`, `region`, `probe.*`. */
  meta: 'key VARCHAR PRIMARY KEY, value VARCHAR',
  /** The workspace that the key belongs to. `people` is Customer.io's own count, up to two hours old. */
  workspace: 'id BIGINT, name VARCHAR, people BIGINT, rest JSON',
  /**
   * The stream ledger. `read` counts records that were received (a record that came twice counts twice),
   * `expected` is a cross-check where a count is known, `cursor` is where a resumed pull goes on.
   * `state`: `open` (not ended yet) or `ended`.
   */
  stream:
    'source VARCHAR, name VARCHAR, state VARCHAR, read BIGINT, expected BIGINT, rejected BIGINT, complete BOOLEAN, ended VARCHAR, cursor VARCHAR, PRIMARY KEY (source, name)',
  /** Records that do not fit: `position` says where in the stream (page and index, or file, line and column). */
  reject: 'source VARCHAR, stream VARCHAR, position VARCHAR, reason VARCHAR, raw VARCHAR',
  /** Everyone whom the people search named; `profile` has their attributes once the bulk read brought them. */
  person: 'cio_id VARCHAR, id VARCHAR, email VARCHAR',
  /** `attributes`: object of text values. `attribute_times`: object of Unix seconds. */
  profile:
    'cio_id VARCHAR, id VARCHAR, email VARCHAR, phone VARCHAR, created_at TIMESTAMP, unsubscribed BOOLEAN, attributes JSON, attribute_times JSON, rest JSON, source VARCHAR',
  /** People whom the search named and the bulk read left out: gone in between. */
  absent: 'cio_id VARCHAR',
  device: 'cio_id VARCHAR, token VARCHAR, platform VARCHAR, last_used TIMESTAMP, attributes JSON, rest JSON',
  /** `at` is null where the time could not be a time at all; the original then stands in `rest`. */
  activity:
    'id VARCHAR, type VARCHAR, name VARCHAR, cio_id VARCHAR, customer_id VARCHAR, email VARCHAR, "at" TIMESTAMP, delivery_id VARCHAR, delivery_type VARCHAR, data JSON, rest JSON',
  /** `trigger_segments` and `filter_segments`: arrays of segment ids. */
  campaign:
    'id BIGINT, name VARCHAR, state VARCHAR, event_name VARCHAR, date_attribute VARCHAR, trigger_segments JSON, filter_segments JSON, rest JSON',
  campaign_action:
    'campaign_id BIGINT, id BIGINT, type VARCHAR, name VARCHAR, subject VARCHAR, body VARCHAR, rest JSON',
  /** Journeys started per step of time, as Customer.io gives them (keys are open-ended). */
  journey_metric: 'campaign_id BIGINT, metrics JSON',
  segment: 'id BIGINT, name VARCHAR, type VARCHAR, state VARCHAR, people BIGINT, rest JSON',
} as const

export type SnapshotTable = keyof typeof snapshotTables

/** Names of the streams of the App API, as they stand in the ledger and in every report. */
export const streamNames = {
  workspace: 'workspace',
  campaigns: 'campaigns',
  campaignActions: 'campaign-actions',
  journeyMetrics: 'journey-metrics',
  segments: 'segments',
  /** The people search: who is there. */
  people: 'people',
  /** The bulk read: attributes and devices of each of them. */
  attributes: 'attributes',
  /** All activities of one type. */
  activityType: (type: string) => `activities/${type}`,
  /** All events of one name. */
  eventName: (name: string) => `activities/event:${name}`,
  /** Whatever else happened: every activity, in one cursor. */
  activitiesRest: 'activities/*',
} as const

/** Why a stream ended. Only the first two make it complete. */
export const streamEnds = {
  endOfCursor: 'end of cursor',
  sinceBound: 'since bound',
  maxActivities: 'max-activities bound',
  forbidden: 'forbidden (403)',
  failed: 'failed',
  interrupted: 'interrupted',
  miscounted: 'fewer than expected',
} as const
