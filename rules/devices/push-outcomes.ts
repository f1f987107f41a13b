import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

/** Of one push, and of several. */
const words: Readonly<Record<string, readonly [string, string]>> = {
  bounced: ['bounced', 'bounced'],
  undeliverable: ['could not be delivered', 'could not be delivered'],
  dropped: ['was dropped', 'were dropped'],
}

const place = sql`coalesce(platform, 'unknown platform') || ' ' || coalesce(app_version, 'unknown version')`

export default defineRule({
  meta: {
    id: 'devices/push-outcomes',
    title: 'Pushes arrive',
    failureTitle: 'Many pushes bounced, were dropped or could not be delivered',
    severity: 'warn',
    checklist: ['devices-on-messaged-profile'],
    needs: ['messages'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'full', pipelines: 'none' },
    sample: 'per-push',
    threshold: { maxRate: 0.1 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'pushes',
    docs: {
      why: 'The journey counts a push as sent, the customer sees nothing. If the push key of one platform has run out, or one app version registers tokens of the sandbox, a third of the cart pushes can be lost, and the report of the journey only says that it converts badly.',
      decides:
        'Each push of the window that bounced, could not be delivered or was dropped is counted against all pushes. One finding for each of the three outcomes; the message names the platforms and app versions where it happened most often, with how many pushes went there.',
      blind:
        'A push that also arrived is fine: on one of two phones it bounces, on the other it is read. Platform and version are those of the push where the source says so, else of the device that the person used last, so they are unknown from warehouse files alone. Drafts and failed attempts that were tried again are not counted.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from push`,
  row: z.object({
    outcome: z.string(),
    pushes: z.coerce.number(),
    places: z.string(),
    first_at: z.string(),
    last_at: z.string(),
  }),
  query: () => sql`
    with placed as (
      select outcome, ${place} as place, count(*) as pushes, min("at") as first_at, max("at") as last_at from push group by all
    ), compared as (
      select *, sum(pushes) over (partition by place) as sent_there,
        row_number() over (partition by outcome order by pushes desc, place) as rank from placed
    )
    select outcome, sum(pushes) as pushes, min(first_at) as first_at, max(last_at) as last_at,
      string_agg(place || ' (' || pushes || ' of ' || sent_there || ')', ', ' order by rank) filter (rank <= 3) as places
    from compared where outcome is not null group by outcome`,
  finding: ({ outcome, pushes, places, first_at, last_at }) => ({
    subject: { key: outcome, label: outcome },
    message: `${counted(pushes, 'push', 'pushes')} ${words[outcome]?.[pushes === 1 ? 0 : 1] ?? outcome}, ${pushes === 1 ? '' : 'most often '}on ${places}`,
    affected: pushes,
    unit: 'pushes',
    firstSeen: first_at,
    lastSeen: last_at,
  }),
  evidenceRow: z.object({
    delivery_id: z.string(),
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    platform: z.string().nullable(),
    app_version: z.string().nullable(),
    sent_at: z.string(),
    reason: z.string().nullable(),
  }),
  evidence: () => sql`
    select s.outcome as subject, s.delivery_id, s.cio_id, p.id, p.email, s.platform, s.app_version, s."at" as sent_at, s.reason
    from push s left join profile p using (cio_id) where s.outcome is not null`,
  remediation: () =>
    'If one platform stands out, renew its push key or certificate and check that it is not the one of the sandbox; if one app version does, look at how that version registers its token. Dropped pushes mostly went to people who may not be messaged: put the opt-in into the filter of the journey.',
  examples: [
    {
      title: 'A push that bounced',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1', devices: [{ token: 'a'.repeat(64) }] }],
        activities: [
          {
            cio_id: 'a1',
            type: 'bounced_push',
            at: '2026-11-20T10:00:00Z',
            delivery: { id: 'dgA', type: 'ios' },
          },
        ],
      },
      findings: ['bounced'],
    },
    {
      title: 'It bounced on the old phone and was read on the new one',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1', devices: [{ token: 'a'.repeat(64) }] }],
        activities: [
          {
            cio_id: 'a1',
            type: 'bounced_push',
            at: '2026-11-20T10:00:00Z',
            delivery: { id: 'dgA', type: 'ios' },
          },
          {
            cio_id: 'a1',
            type: 'opened_push',
            at: '2026-11-20T10:00:09Z',
            delivery: { id: 'dgA', type: 'ios' },
          },
        ],
      },
      findings: [],
    },
  ],
})
