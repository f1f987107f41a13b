import type {
  Activity,
  Campaign,
  CampaignAction,
  Customer,
  Device,
  Person,
  Segment,
  Workspace,
} from '../../customerio/index.ts'
import type { DataRow } from '../../snapshot/index.ts'

/** From Customer.io's words to the snapshot's tables; values stand in the order of `core/tables.ts`. */

/** `rest`, with the record as it came where its text had to be mended to be stored at all. */
function restWith(rest: string | null, raw: string | null): string | null {
  if (raw === null) return rest
  const inner = rest === null ? '' : `,${rest.slice(1, -1)}`
  return `{"raw":${JSON.stringify(raw)}${inner}}`
}

export function workspaceRow(workspace: Workspace, raw: string | null): DataRow {
  return [workspace.id, workspace.name, workspace.people, restWith(workspace.rest, raw)]
}

export function personRow(person: Person): DataRow {
  return [person.cioId, person.id, person.email]
}

export function profileRow(customer: Customer, raw: string | null, source: string): DataRow {
  return [
    customer.cioId,
    customer.id,
    customer.email,
    customer.phone,
    customer.createdAt,
    customer.isUnsubscribed,
    customer.attributes,
    customer.attributeTimes,
    restWith(customer.rest, raw),
    source,
  ]
}

export function deviceRow(cioId: string, device: Device): DataRow {
  return [cioId, device.token, device.platform, device.lastUsed, device.attributes, device.rest]
}

export function activityRow(activity: Activity, raw: string | null): DataRow {
  return [
    activity.id,
    activity.type,
    activity.name,
    activity.cioId,
    activity.customerId,
    activity.email,
    activity.at,
    activity.deliveryId,
    activity.deliveryType,
    activity.data,
    restWith(activity.rest, raw),
    'app-api',
  ]
}

export function campaignRow(campaign: Campaign, raw: string | null): DataRow {
  return [
    campaign.id,
    campaign.name,
    campaign.state,
    campaign.event_name,
    campaign.date_attribute,
    campaign.trigger_segment_ids,
    campaign.filter_segment_ids,
    restWith(campaign.rest, raw),
  ]
}

export function actionRow(campaignId: bigint, action: CampaignAction, raw: string | null): DataRow {
  return [
    campaignId,
    action.id,
    action.type,
    action.name,
    action.subject,
    action.body,
    restWith(action.rest, raw),
  ]
}

export function segmentRow(segment: Segment, raw: string | null): DataRow {
  return [segment.id, segment.name, segment.type, segment.state, null, restWith(segment.rest, raw)]
}
