import type { Context, Hono } from 'hono'
import type { Segment } from '../types.ts'
import { pageOf, personOf } from './app-people.ts'
import { olderAppError, pagingOf } from './replies.ts'
import type { Workspace } from './workspace.ts'

function segmentReply(segment: Segment): Record<string, unknown> {
  const { id, name, description, type, state, createdAt } = segment
  return {
    id,
    deduplicate_id: `${id}:${createdAt}`,
    name,
    description,
    state,
    progress: state === 'finished' ? null : 0,
    type,
    tags: null,
    created_at: createdAt,
    updated_at: createdAt,
  }
}

export function segmentRoutes(app: Hono, workspace: Workspace): void {
  const { segments, campaigns } = workspace.population
  const withSegment = (context: Context, answer: (segment: Segment) => Response): Response => {
    const segment = segments.find(({ id }) => String(id) === context.req.param('segment'))
    return segment === undefined ? olderAppError(context, 404, 'segment not found') : answer(segment)
  }

  app.get('/v1/segments', (context) => context.json({ segments: segments.map(segmentReply) }))

  app.get('/v1/segments/:segment', (context) =>
    withSegment(context, (segment) => context.json({ segment: segmentReply(segment) })),
  )

  app.get('/v1/segments/:segment/customer_count', (context) =>
    withSegment(context, (segment) =>
      context.json({ count: workspace.members(segment).length, segment_id: segment.id }),
    ),
  )

  app.get('/v1/segments/:segment/membership', (context) =>
    withSegment(context, (segment) => {
      const paging = pagingOf(context, 100, 1000)
      if (typeof paging === 'string') return olderAppError(context, 400, paging)
      const members = new Set(workspace.members(segment))
      return context.json(pageOf(workspace, workspace.people.length, paging, (index) => members.has(index)))
    }),
  )

  app.get('/v1/customers/:customer/segments', (context) => {
    const person = personOf(context, workspace, context.req.param('customer'))
    if (typeof person !== 'number') return person
    const own = segments.filter((segment) => workspace.members(segment).includes(person))
    return context.json({ segments: own.map(segmentReply) })
  })

  app.get('/v1/segments/:segment/used_by', (context) =>
    withSegment(context, ({ id }) => {
      const users = campaigns.filter(
        ({ trigger, filterSegments }) =>
          filterSegments.includes(id) || ('segments' in trigger && trigger.segments.includes(id)),
      )
      const usedBy = {
        campaigns: users.map((campaign) => campaign.id),
        draft_newsletters: [],
        sent_newsletters: [],
      }
      return context.json({ segment_id: id, used_by: usedBy })
    }),
  )
}
