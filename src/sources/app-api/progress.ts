import type { RetryNotice } from '../../customerio/index.ts'

/** What a pull tells while it goes on; the command line turns it into bars or plain lines. */
export type PullProgress =
  | Forecast
  /** A page was received. `expected` is null where no count is known. */
  | {
      readonly kind: 'page'
      readonly stream: string
      readonly read: number
      readonly expected: number | null
      readonly requests: number
    }
  | {
      readonly kind: 'stream-ended'
      readonly stream: string
      readonly read: number
      readonly expected: number | null
      readonly rejected: number
      readonly complete: boolean
      readonly ended: string
    }
  /** The client tells these itself (`createClient({ onRetry })`); they are here so that one listener serves both. */
  | RetryNotice
  | { readonly kind: 'notice'; readonly message: string }

/** Told before the first page. A lower bound: nobody can know beforehand how much happened. */
export interface Forecast {
  readonly kind: 'forecast'
  readonly people: number | null
  /** At least so many requests are still to be made. */
  readonly requests: number
  /** At least so long at the given rate; null when nothing holds the requests back. */
  readonly seconds: number | null
}
