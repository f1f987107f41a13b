import type { SnapshotTable } from '../core/tables.ts'
import type { Query, SqlValue } from '../engine/sql.ts'

/** Tables that a source fills; the others are the snapshot's own. */
export type DataTable = Exclude<SnapshotTable, 'meta' | 'stream' | 'reject'>

export type DataRow = readonly SqlValue[]

/** A record that did not fit. */
export interface Reject {
  readonly position: string
  readonly reason: string
  readonly raw: string
}

/** Why a stream ended, and whether everything that it should bring was brought. */
export interface StreamEnd {
  readonly complete: boolean
  readonly ended: string
}

/**
 * What is committed together: what a page brought, what did not fit, how far its stream is now. Either all of it is
 * in the file or nothing.
 */
export interface Page {
  readonly stream: string
  /** Records received, also those that were there already and those that did not fit. */
  readonly read: number
  readonly rows?: Readonly<Partial<Record<DataTable, readonly DataRow[]>>>
  readonly rejects?: readonly Reject[]
  /** Further statements of this page, e.g. an update of what an earlier page brought. */
  readonly statements?: readonly Query[]
  /** Where a resumed pull goes on; absent: as it was. */
  readonly cursor?: string | null
  readonly end?: StreamEnd
}

export interface LedgerEntry {
  readonly source: string
  readonly name: string
  readonly state: 'open' | 'ended'
  readonly read: number
  readonly expected: number | null
  readonly rejected: number
  readonly complete: boolean
  readonly ended: string | null
  readonly cursor: string | null
}
