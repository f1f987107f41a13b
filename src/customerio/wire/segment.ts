import { z } from 'zod'
import { withRest } from './read-columns.ts'
import { optionalText, wholeNumber } from './values.ts'

/** GET /v1/segments: all in one reply, without their conditions. GET /v1/segments/{id}/customer_count: the size. */
export const segmentsPath = '/v1/segments'
export const segmentCountPath = (id: bigint): string =>
  `/v1/segments/${encodeURIComponent(String(id))}/customer_count`

export const segmentSchema = withRest(
  z.object({ id: wholeNumber, name: optionalText, type: optionalText, state: optionalText }),
)
export type Segment = z.output<typeof segmentSchema>

export const segmentCountSchema = z.object({ count: wholeNumber })
