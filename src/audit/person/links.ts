import type { Cell } from '../../engine/database.ts'
import type { IdType } from '../../model/person-facts.ts'

export type Mark = 'ok' | 'fail' | 'warn' | 'none'

/** One link of the chain from a person to a push that arrives. */
export interface Step {
  readonly step: string
  /** `fail`: the chain breaks here. `warn`: it holds, and something is not as planned. `none`: there is nothing to say. */
  readonly mark: Mark
  readonly text: string
  readonly details: readonly { readonly mark: Mark; readonly text: string }[]
}

/** How values of a person are written; a masked report writes them otherwise. */
export interface Spelling {
  email(value: string): string
  phone(value: string): string
  token(value: string): string
  attribute(name: string, value: string): string
  /** A value in an event; what is called `name` there is a product's. */
  property(name: string, value: string): string
  /** Ids, and text that may hold anything. */
  text(value: string): string
}

export interface Search {
  readonly type: IdType
  readonly identifier: string
  /** Everybody whom it means; the first is the one who is looked at. */
  readonly found: readonly string[]
  /** Everybody is known. Over the API only those who share an address or a phone were asked for. */
  readonly isWhole: boolean
  /** Segments that the person is in; null where nobody knows. */
  readonly segments: ReadonlyMap<number, string> | null
  /** Why nobody knows: Customer.io was asked and did not tell. */
  readonly isSegmentsUnread?: boolean
}

export interface Chain {
  readonly decision: 'go' | 'no-go' | 'inconclusive'
  readonly steps: readonly Step[]
}

export type Detail = Step['details'][number]

export const text = (cell: Cell | undefined): string => (cell == null ? '' : String(cell))
export const number = (cell: Cell | undefined): number => Number(cell ?? 0)
export const step = (name: string, mark: Mark, words: string, details: readonly Detail[] = []): Step => ({
  step: name,
  mark,
  text: words,
  details,
})

const order: readonly Mark[] = ['fail', 'warn']
export const worstOf = (details: readonly Detail[]): Mark =>
  order.find((mark) => details.some((detail) => detail.mark === mark)) ?? 'ok'
