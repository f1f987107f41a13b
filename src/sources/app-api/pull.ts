import type { CustomerIo } from '../../customerio/index.ts'
import type { Snapshot } from '../../snapshot/index.ts'
import type { PullProgress } from './progress.ts'

export interface SampleWanted {
  readonly people: number
  readonly seed: number
}

export interface PullOptions {
  /** Activities before it need not be read. A resumed pull keeps the one it began with. */
  readonly since: Date
  /** The user named `since`: an unfinished pull with another one is begun anew. Otherwise it is a default that moves on. */
  readonly isSinceExplicit?: boolean
  /** Events that get a cursor of their own, beside those that trigger a campaign. */
  readonly eventNames: readonly string[]
  /** Of everybody so many are drawn, and only they and what is theirs are read. */
  readonly sample?: SampleWanted
  /** Bound for each activity stream. */
  readonly maxActivities?: number
  /** The workspace of the Track key, where the account has several. */
  readonly workspaceId?: bigint | null
  /** The one that the client got: the client ends what is in flight, the pull begins nothing more. */
  readonly signal: AbortSignal
  onProgress(progress: PullProgress): void
  /** What other sources bring into the same snapshot, before it is finished; gives the hash of all of it. */
  readonly also?: () => Promise<string>
  now(): Date
}

/** What every stream of a pull works with. */
export interface Pull {
  readonly snapshot: Snapshot
  readonly client: CustomerIo
  readonly options: PullOptions
  readonly since: Date
  /** When the pull was begun, also if that was another process: metrics are asked for up to then. */
  readonly started: Date
  /** Something has failed that ends the whole pull; the other streams stop at their next page. */
  readonly stop: AbortController
}
