import { z } from 'zod'
import { recordText } from '../json.ts'
import { withRest } from './read-columns.ts'
import { optionalText, wholeNumber } from './values.ts'

/** GET /v1/campaigns (reference, section 6.2): all in one reply. Which fields a campaign has depends on its trigger. */
export const campaignsPath = '/v1/campaigns'

/** A list of ids as JSON text. */
const ids = z
  .unknown()
  .optional()
  .transform((value) => (Array.isArray(value) ? recordText(value) : null))

export const campaignSchema = withRest(
  z.object({
    id: wholeNumber,
    name: optionalText,
    state: optionalText,
    event_name: optionalText,
    date_attribute: optionalText,
    trigger_segment_ids: ids,
    filter_segment_ids: ids,
  }),
)
export type Campaign = z.output<typeof campaignSchema>

/** GET /v1/campaigns/{id}/actions: cursor `start`/`next`, always 10 a page. */
export const campaignActionsPath = (id: bigint): string =>
  `/v1/campaigns/${encodeURIComponent(String(id))}/actions`

export const campaignActionSchema = withRest(
  z.object({
    id: wholeNumber,
    type: optionalText,
    name: optionalText,
    subject: optionalText,
    body: optionalText,
  }),
)
export type CampaignAction = z.output<typeof campaignActionSchema>

/**
 * GET /v1/campaigns/{id}/journey_metrics?start=&end=&resolution= (all three are required). Which counts it holds is
 * not written down, so the reply is kept as it is.
 */
export const journeyMetricsPath = (id: bigint): string =>
  `/v1/campaigns/${encodeURIComponent(String(id))}/journey_metrics`
