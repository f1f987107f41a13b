import { z } from 'zod'
import { bareCioId } from './activity.ts'
import { optionalText, record, text } from './values.ts'

/**
 * POST /v1/customers?start=&limit= (reference, section 3.2): the people search, cursor `start`/`next`, 1000 a page
 * at most. `ids` has an empty text for everyone without an id, so only `identifiers` is read.
 */
export interface Person {
  readonly cioId: string
  readonly id: string | null
  readonly email: string | null
}

export const peoplePath = '/v1/customers'
export const peoplePerPage = 1000

/** Everyone has a `cio_id`; searching by `id` would lose people who are known by e-mail alone. */
export const everyone = { filter: { and: [{ attribute: { field: 'cio_id', operator: 'exists' } }] } } as const

/** What a search can ask: attributes that equal something (reference, section 3.2). */
export interface PeopleFilter {
  readonly or: readonly {
    readonly attribute: { readonly field: string; readonly operator: 'eq'; readonly value: string }
  }[]
}

export type IdType = 'id' | 'email' | 'phone' | 'cio_id'

/** In a path a `cio_id` carries its prefix. */
export const segmentsOfPath = (cioId: string): string =>
  `/v1/customers/${encodeURIComponent(`cio_${cioId}`)}/segments`

const columns = z.object({ cio_id: text, id: optionalText, email: optionalText })

export const personSchema = record
  .pipe(columns)
  .transform((raw): Person => ({ cioId: bareCioId(raw.cio_id) ?? '', id: raw.id, email: raw.email }))
