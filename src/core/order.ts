/** An order of the shop's own books (`--orders`), with texts trimmed and nothing else changed. */
export interface ShopOrder {
  /** Line of the file on which it begins: of an order that stands there twice the first one counts. */
  readonly line: number
  readonly number: string
  readonly orderedAt: Date
  readonly customerId: string | null
  /** NFKC. */
  readonly email: string | null
  readonly total: number | null
  readonly currency: string | null
  readonly platform: string | null
}

/** A file of orders that was looked through once: whatever is wrong in it has been said by then. */
export interface OrderFile {
  /** Of its bytes. */
  readonly sha256: string
  /** What a reader of the report should know of how it was understood. */
  readonly notices: readonly string[]
  /** All orders, some thousands at a time, so that a million of them need no memory. */
  batches(): AsyncIterable<readonly ShopOrder[]>
}
