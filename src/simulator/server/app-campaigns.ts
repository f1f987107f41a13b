import type { Context, Hono } from 'hono'
import type { Campaign } from '../types.ts'
import { cursorAt } from './cursors.ts'
import { journeyMetrics, steps } from './journey-metrics.ts'
import { identifiersOf } from './profile.ts'
import { olderAppError, pagingOf } from './replies.ts'
import type { Workspace } from './workspace.ts'

const actionsPerPage = 10

function campaignReply(campaign: Campaign): Record<string, unknown> {
  const { id, name, state, trigger, filterSegments, actions, createdAt } = campaign
  const event = 'event' in trigger ? { event_name: trigger.event } : {}
  const segments = 'segments' in trigger ? { trigger_segment_ids: [...trigger.segments] } : {}
  const date =
    'dateAttribute' in trigger
      ? {
          date_attribute: trigger.dateAttribute,
          frequency: 'once',
          timezone: 'UTC',
          use_customer_timezone: true,
          start_hour: 9,
          start_minutes: 0,
        }
      : {}
  return {
    id,
    deduplicate_id: `${id}:${createdAt}`,
    name,
    description: '',
    type: 'behavioral',
    created: createdAt,
    updated: createdAt,
    active: state === 'running',
    state,
    actions: actions.map((action) => ({ id: action.id, type: action.type })),
    first_started: state === 'draft' ? 0 : createdAt,
    tags: null,
    filter_segment_ids: [...filterSegments],
    ...event,
    ...segments,
    ...date,
  }
}

export function campaignRoutes(app: Hono, workspace: Workspace): void {
  const { campaigns, deliveries } = workspace.population
  const withCampaign = (context: Context, answer: (campaign: Campaign) => Response): Response => {
    const campaign = campaigns.find(({ id }) => String(id) === context.req.param('campaign'))
    return campaign === undefined ? olderAppError(context, 404, 'campaign not found') : answer(campaign)
  }

  app.get('/v1/campaigns', (context) => context.json({ campaigns: campaigns.map(campaignReply) }))

  app.get('/v1/campaigns/:campaign', (context) =>
    withCampaign(context, (campaign) => context.json({ campaign: campaignReply(campaign) })),
  )

  app.get('/v1/campaigns/:campaign/actions', (context) =>
    withCampaign(context, (campaign) => {
      const paging = pagingOf(context, actionsPerPage, actionsPerPage)
      if (typeof paging === 'string') return olderAppError(context, 400, paging)
      const first = paging.start === 'first' ? 0 : paging.start
      const next = first + actionsPerPage
      const actions = campaign.actions.slice(first, next).map((action) => ({
        ...action,
        campaign_id: campaign.id,
        deduplicate_id: `${action.id}:${campaign.createdAt}`,
        created: campaign.createdAt,
        updated: campaign.createdAt,
      }))
      return context.json({ actions, next: next < campaign.actions.length ? cursorAt(next) : '' })
    }),
  )

  app.get('/v1/campaigns/:campaign/journey_metrics', (context) =>
    withCampaign(context, (campaign) => {
      const { start, end, resolution = '' } = context.req.query()
      const from = Number(start)
      const to = Number(end)
      const step = steps[resolution]
      if (
        !Number.isInteger(from) ||
        !Number.isInteger(to) ||
        !start ||
        !end ||
        to <= from ||
        step === undefined
      ) {
        return olderAppError(
          context,
          400,
          'start, end (Unix seconds) and resolution (hourly, daily, weekly, monthly) are required',
        )
      }
      return context.json({ journey_metric: journeyMetrics(workspace, campaign, from, to, step) })
    }),
  )

  const listMessages = (context: Context, campaign: Campaign | null): Response => {
    const paging = pagingOf(context, 50, 1000)
    if (typeof paging === 'string') return olderAppError(context, 400, paging)
    const { type, metric, start_ts: since = '0', end_ts: until = 'Infinity' } = context.req.query()
    const wanted = deliveries.filter(
      (delivery) =>
        (campaign === null || delivery.campaignId === campaign.id) &&
        (type === undefined || delivery.channel === type) &&
        (metric === undefined || metric in delivery.metrics) &&
        delivery.createdAt >= Number(since) &&
        delivery.createdAt <= Number(until),
    )
    const first = paging.start === 'first' ? 0 : paging.start
    const next = first + paging.limit
    const messages = wanted.slice(first, next).map((delivery) => ({
      id: delivery.id,
      deduplicate_id: `${delivery.id}:${delivery.createdAt}`,
      message_template_id: delivery.actionId,
      customer_id: workspace.person(delivery.person).id,
      customer_identifiers: identifiersOf(workspace.person(delivery.person)),
      recipient: delivery.recipient,
      subject: null,
      metrics: delivery.metrics,
      created: delivery.createdAt,
      failure_message: 'bounced' in delivery.metrics ? 'Unregistered' : null,
      campaign_id: delivery.campaignId,
      action_id: delivery.actionId,
      parent_action_id: null,
      newsletter_id: null,
      content_id: null,
      broadcast_id: null,
      trigger_event_id: delivery.triggerEventId,
      forgotten: false,
      type: delivery.channel,
    }))
    return context.json({ messages, next: next < wanted.length ? cursorAt(next) : '' })
  }

  app.get('/v1/campaigns/:campaign/messages', (context) =>
    withCampaign(context, (campaign) => listMessages(context, campaign)),
  )
  app.get('/v1/messages', (context) => listMessages(context, null))
}
