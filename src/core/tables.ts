/**
 * The tables of the snapshot, in our words. Long texts that repeat little (ids, payloads, tokens) name their compression:
 * with the engine's own choice seven million events took 10 s to write and 760 MB, so they take 3.4 s and 400 MB.
 * Times are UTC `TIMESTAMP`s without zone; JSON columns hold well-formed JSON text. A column `rest` keeps what a record had beside the columns, so that nothing that was read is lost
 * (null when there was nothing else).
 *
 * Raise `snapshotVersion` when a table changes: an older program then refuses the file instead of misreading it.
 */
export const snapshotVersion = 2

export const snapshotTables = {
  /** Facts about the snapshot itself: `version`, `since`, `pull_started_at`, `pull_ended_at`, `hash`, `region`, `probe.*`, `sample.*`, `files_as_of`, `files_since`, `files_end.*`. */
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
  /**
   * `attributes`: object of text values. `attribute_times`: object of Unix seconds. Warehouse files hold a row for each
   * change of a person: the newest by `sequence` (of the file) and `updated_at` is how they are now.
   */
  profile:
    'cio_id VARCHAR, id VARCHAR, email VARCHAR, phone VARCHAR, created_at TIMESTAMP, unsubscribed BOOLEAN, attributes JSON USING COMPRESSION zstd, attribute_times JSON, rest JSON, source VARCHAR, deleted BOOLEAN, suppressed BOOLEAN, updated_at TIMESTAMP, sequence BIGINT',
  /** Warehouse files: each change of each attribute; empty text or null is an attribute that was removed. */
  attribute_change:
    'cio_id VARCHAR, name VARCHAR, value VARCHAR, "at" TIMESTAMP, sequence BIGINT, rest JSON, source VARCHAR',
  /** People whom the search named and the bulk read left out: gone in between. */
  absent: 'cio_id VARCHAR',
  device: 'cio_id VARCHAR, token VARCHAR, platform VARCHAR, last_used TIMESTAMP, attributes JSON, rest JSON',
  /**
   * `at` is null where the time could not be a time at all; the original then stands in `rest`. From Pipelines files
   * the id is the message id, `customer_id` the user id, and what the call's context says stands in the last columns.
   */
  activity:
    'id VARCHAR USING COMPRESSION zstd, type VARCHAR, name VARCHAR, cio_id VARCHAR, customer_id VARCHAR, email VARCHAR, "at" TIMESTAMP, delivery_id VARCHAR, delivery_type VARCHAR, data JSON USING COMPRESSION zstd, rest JSON, source VARCHAR, anonymous_id VARCHAR, received_at TIMESTAMP, sent_at TIMESTAMP, token VARCHAR USING COMPRESSION zstd, platform VARCHAR, app_version VARCHAR, sdk_version VARCHAR',
  /**
   * Pipelines files: calls that say something about a person or a device and are no events. `kind`: `identify`,
   * `alias`, `device`, `device-deleted`, `user-deleted`, `user-suppressed`, `user-unsuppressed`. `data`: the traits, or
   * the attributes of the device.
   */
  call: 'id VARCHAR USING COMPRESSION zstd, kind VARCHAR, user_id VARCHAR, anonymous_id VARCHAR, previous_id VARCHAR, "at" TIMESTAMP, received_at TIMESTAMP, sent_at TIMESTAMP, token VARCHAR, platform VARCHAR, app_version VARCHAR, sdk_version VARCHAR, data JSON USING COMPRESSION zstd, rest JSON, source VARCHAR',
  /** Warehouse files: messages that were sent, and what became of them. */
  delivery:
    'id VARCHAR, cio_id VARCHAR, type VARCHAR, campaign_id BIGINT, action_id BIGINT, newsletter_id BIGINT, event_id VARCHAR, created_at TIMESTAMP, rest JSON, source VARCHAR',
  delivery_metric:
    'delivery_id VARCHAR, metric VARCHAR, reason VARCHAR, "at" TIMESTAMP, rest JSON, source VARCHAR',
  /** The files that were read, and those that were left aside (`stream` is null then, and `note` says why). */
  file: 'source VARCHAR, stream VARCHAR, name VARCHAR, format VARCHAR, bytes BIGINT, sha256 VARCHAR, note VARCHAR',
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

/** Keys of `meta` where only some of the people were drawn: `people:seed` as it was asked for, and out of how many. */
export const sampleKeys = { wanted: 'sample.wanted', of: 'sample.of' } as const

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

/**
 * Streams of files: what lies in them, in Customer.io's own words (reference, sections 7.1 and 13). Pages and screens
 * have the same columns; `pages-and-screens` are those whose file name does not tell.
 */
export const fileStreams = {
  'people-export': ['people'],
  'warehouse-sync': ['people', 'attributes', 'deliveries', 'metrics'],
  pipelines: ['identifies', 'tracks', 'pages', 'screens', 'pages-and-screens', 'aliases'],
} as const

export type FileKind = keyof typeof fileStreams

/** What the snapshot's facts about the last arrival of a stream of files are named with, where it broke off before the others. */
export const filesEnd = 'files_end.'

/** Why a stream ended. Only the first two make it complete. */
export const streamEnds = {
  endOfCursor: 'end of cursor',
  sinceBound: 'since bound',
  maxActivities: 'max-activities bound',
  forbidden: 'forbidden (403)',
  failed: 'failed',
  interrupted: 'interrupted',
  miscounted: 'fewer than expected',
  endOfFiles: 'end of files',
  damaged: 'damaged files',
} as const
