import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/unmerged-anonymous',
    title: 'What was done before a login ends up on the customer',
    failureTitle: 'Carts and views hang on anonymous ids and will expire',
    severity: 'error',
    checklist: ['anonymous-merge'],
    needs: ['people', 'activities'],
    sources: { 'app-api': 'none', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'found',
    threshold: { maxRate: 0.01 },
    measuredBy: 'rule',
    subject: 'profile',
    unit: 'anonymous ids that can be joined',
    docs: {
      why: 'A customer fills a cart before logging in. The login sends no identify with the anonymous id of the app, so the cart stays with nobody: the cart push is never sent, and after 30 days Customer.io drops the events for good. Each day without a fix loses another day of carts.',
      decides:
        'An anonymous id with product, cart, checkout or purchase events that name no user, where somebody is known later: a user is named beside the same anonymous id, or its device token was registered for exactly one user, or a login or signup happened on it; and no identify joins the two. One finding for each anonymous id. The evidence says the probable person and why, the latest cart, and on which days (UTC) how many of the events vanish, 30 days after they happened. The rate is taken over these and the anonymous ids with such events that were joined.',
      blind:
        'Visitors who never log in are normal and not counted. A token that was registered for several users later proves nothing. An identify sent past Pipelines (Track API) is not in these files. The App API shows no anonymous activity at all: there `identity/merge-evidence` is what can be said.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from anonymous_visit`,
  row: z.object({
    anonymous_id: z.string(),
    cio_id: z.string().nullable(),
    reason: z.string(),
    intent_events: z.coerce.number(),
    cart_value: z.coerce.number().nullable(),
    currency: z.string().nullable(),
    expires_on: z.string(),
    first_at: z.string(),
    last_at: z.string(),
  }),
  query: () => sql`
    select anonymous_id, cio_id, reason, intent_events, cart_value, currency, expires_on, first_at, last_at
    from anonymous_visit where not joined`,
  finding: ({ anonymous_id, cio_id, reason, intent_events, cart_value, currency, ...row }) => ({
    subject: { key: `anon:${anonymous_id}`, label: anonymous_id },
    message: `${counted(intent_events, 'intent event')}${cart_value === null ? '' : ` and a cart of ${cart_value} ${currency ?? ''}`.trimEnd()} ${intent_events === 1 && cart_value === null ? 'hangs' : 'hang'} on an anonymous id of ${cio_id ?? 'somebody who logged in'} (${reason}); they vanish from ${row.expires_on} on`,
    affected: 1,
    unit: 'anonymous ids',
    firstSeen: row.first_at,
    lastSeen: row.last_at,
  }),
  evidenceRow: z.object({
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    anonymous_id: z.string(),
    reason: z.string(),
    intent_events: z.coerce.number(),
    cart_events: z.coerce.number(),
    cart_value: z.coerce.number().nullable(),
    currency: z.string().nullable(),
    expires_on: z.string(),
    last_expires_on: z.string(),
    by_day: z.string(),
  }),
  evidence: () => sql`
    select 'anon:' || v.anonymous_id as subject, v.cio_id, p.id, p.email, v.anonymous_id, v.reason, v.intent_events,
      v.cart_events, v.cart_value, v.currency, v.expires_on, v.last_expires_on, v.by_day
    from anonymous_visit v left join profile p using (cio_id) where not v.joined`,
  remediation: () =>
    'Before the day in expires_on, send identify with the user id and this anonymous id (the evidence names both): Customer.io then attaches the events of the last 30 days. To stop new ones, let every login call identify through the same SDK that sent the events, before the anonymous id is reset.',
  examples: [
    {
      title:
        'The cart names nobody, a day later the same anonymous id names its user, and nobody was identified',
      workspace: {
        calls: [
          {
            kind: 'event',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            anonymous_id: 'anon-1',
            data: { cart_value: 45.9, currency: 'EUR' },
          },
          {
            kind: 'event',
            name: 'app_opened',
            at: '2026-11-21T10:00:00Z',
            user_id: 'u-1',
            anonymous_id: 'anon-1',
          },
        ],
      },
      findings: ['anon:anon-1'],
    },
    {
      title: 'The same, but an identify joins the two',
      workspace: {
        calls: [
          { kind: 'event', name: 'cart_updated', at: '2026-11-20T10:00:00Z', anonymous_id: 'anon-1' },
          { kind: 'identify', at: '2026-11-21T10:00:00Z', user_id: 'u-1', anonymous_id: 'anon-1' },
        ],
      },
      findings: [],
    },
    {
      title: 'A visitor who looks around and never says who it is',
      workspace: {
        calls: [
          { kind: 'event', name: 'product_viewed', at: '2026-11-20T10:00:00Z', anonymous_id: 'anon-2' },
        ],
      },
      findings: [],
    },
  ],
})
