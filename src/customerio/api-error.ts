import { SourceError } from '../core/errors.ts'

/**
 * What a request ended in, after the tries that it was worth. Built from scratch: no cause, because the error of
 * the HTTP library holds the request with its headers, and so the key.
 */
export type FailureKind =
  /** 403: this key may not read that. */
  | 'forbidden'
  /** 404. */
  | 'missing'
  /** Any other answer that does not change by asking again: 400, 422, a redirect, an answer that is too large. */
  | 'declined'
  /** Tried again until the tries were used up: 429, 5xx, timeouts, broken answers. */
  | 'exhausted'
  /** Nobody there: the name is unknown, the connection refused, the certificate not to be trusted. */
  | 'unreachable'

export class ApiError extends SourceError {
  readonly kind: FailureKind
  readonly status: number | null
  /** A few words for the ledger: "HTTP 503 after 6 tries". */
  readonly reason: string

  constructor(kind: FailureKind, status: number | null, reason: string, host: string) {
    super(
      kind === 'unreachable' ? 'SOURCE_UNREACHABLE' : 'SOURCE_REQUEST',
      kind === 'unreachable'
        ? `Customer.io could not be reached at ${host}: ${reason}.`
        : `Customer.io (${host}) did not answer a request: ${reason}.`,
      kind === 'unreachable'
        ? 'Check the network and the address (CIO_APP_API_URL, CIO_REGION), then run the same command again; what was read so far is kept.'
        : 'Run the same command again; what was read so far is kept.',
    )
    this.kind = kind
    this.status = status
    this.reason = reason
  }
}
