import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const steps: Readonly<Record<string, string>> = {
  'no-id': 'has no id of the canonical kind',
  duplicate: 'is on several profiles',
  'incomplete-cart': 'has a cart event that lacks a required property',
  'device-elsewhere': 'has a device that is on another profile',
  unreachable: 'opted in and uses the app, and no device of theirs can be pushed',
}

export default defineRule({
  meta: {
    id: 'spot-check/cart-journey',
    title: 'The chain from cart to push holds for real people',
    failureTitle: 'For some real people the chain from cart to push is broken',
    severity: 'error',
    checklist: ['spot-check'],
    needs: ['people', 'attributes', 'planned-events', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'partial' },
    sample: 'found',
    threshold: { maxRate: 0.05 },
    measuredBy: 'rule',
    subject: 'profile',
    unit: 'people with a cart for whom a push is meant',
    docs: {
      why: 'Each rule by itself may hold while the person in the middle loses: the cart event is fine, the device is fine, and they sit on two profiles. Before a launch one looks up twenty customers by hand, from the cart event to the phone; this does it for all of them.',
      decides:
        'Everybody known with a cart event in the window, by their latest one. They leave the chain, and are counted apart, when they are unsubscribed, opted out, or never used the app. For the others each step must hold: they have an id; no other profile is the same person; the cart event has what the plan requires; the device is on this profile (their own best one, and in Pipelines files the one that the event came from); and if they opted in and use the app, one of their devices can be pushed. A finding names the person and the first step that does not hold. The report lists them drawn by `seed` and spread over platforms.',
      blind:
        'Carts older than the latest one. A device that was not used for long counts as fine. Pipelines files alone do not tell of bounces, and not of devices that were registered past them. Whether the message itself renders is a question for `journeys/liquid-contract`.',
    },
  },
  options: z.object({
    seed: z
      .int()
      .default(1)
      .describe('which people the report lists first; the same number lists the same ones'),
  }),
  population: () => sql`select count(*) as count from cart_walk where exit is null`,
  remark: () => sql`
    select sum(people) || ' people with a cart were left out: ' || string_agg(people || ' ' || exit, ', ' order by people desc, exit) as remark
    from (select exit, count(*) as people from cart_walk where exit is not null group by exit)`,
  row: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    identity: z.string(),
    platform: z.string(),
    broken: z.string(),
    happened_at: z.string(),
    place: z.coerce.number(),
  }),
  query: ({ options }) => sql`
    select w.cio_id, p.id, p.email, w.identity, w.platform, w.broken, w.happened_at,
      row_number() over (partition by w.platform order by hash(w.cio_id, ${options.seed}), w.cio_id) as place
    from cart_walk w join profile p using (cio_id) where w.exit is null and w.broken is not null`,
  finding: ({ cio_id, id, email, identity, platform, broken, happened_at, place }) => ({
    subject: { key: cio_id, label: email ?? id ?? cio_id },
    identity,
    message: `${email ?? id ?? cio_id} (${platform}) left a cart and ${steps[broken] ?? broken}`,
    affected: 1,
    unit: 'people',
    place,
    firstSeen: happened_at,
    lastSeen: happened_at,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    broken_step: z.string(),
    platform: z.string(),
    cart_at: z.string(),
    permission: z.string(),
    best_device: z.string(),
  }),
  evidence: () => sql`
    select w.cio_id as subject, w.identity, w.cio_id, p.id, p.email, w.broken as broken_step, w.platform, w.happened_at as cart_at,
      a.permission, a.best_device
    from cart_walk w join profile p using (cio_id) join audience a using (cio_id)
    where w.exit is null and w.broken is not null`,
  remediation: () =>
    'Follow one person with `cio-audit check person`, mend the step at which most of them break, and run the audit again.',
  examples: [
    {
      title: 'The cart is on a profile that nobody gave an id',
      workspace: {
        profiles: [
          {
            cio_id: 'c1',
            email: 'ana@shop.test',
            attributes: { push_opt_in: 'true' },
            devices: [{ token: 'a'.repeat(64), platform: 'ios', lastUsed: '2026-11-20T10:00:00Z' }],
          },
        ],
        events: [
          {
            cio_id: 'c1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [{ product_id: 'p1' }], cart_value: 20, currency: 'EUR' },
          },
        ],
      },
      findings: ['c1'],
    },
    {
      title: 'A buyer on the web, whom no push is meant for',
      workspace: {
        profiles: [{ cio_id: 'c1', email: 'ana@shop.test' }],
        events: [
          {
            cio_id: 'c1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [{ product_id: 'p1' }], cart_value: 20, currency: 'EUR', platform: 'web' },
          },
        ],
      },
      findings: [],
    },
  ],
})
