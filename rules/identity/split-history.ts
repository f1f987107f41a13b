import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/split-history',
    title: 'Cart, device and e-mail of each person are on one profile',
    failureTitle: 'Cart, device and e-mail of some people are on different profiles',
    severity: 'error',
    checklist: ['anonymous-merge', 'devices-on-messaged-profile'],
    needs: ['people', 'attributes', 'planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'found',
    threshold: { maxRate: 0.001 },
    measuredBy: 'rule',
    subject: 'profile-cluster',
    unit: 'profiles of people with a cart event',
    docs: {
      why: 'A customer fills the cart in the app, where she is known by her customer id, while her phone is registered on the profile that the newsletter made of her e-mail. The cart journey starts for a profile that no push can reach, and the profile with the device never enters it. If she shops on both, each of them gets half a story: one is asked to come back to a cart that the other has paid.',
      decides:
        'Profiles are one person where strong evidence joins them and nothing contradicts (the same e-mail, an id that is the e-mail of the other, ids equal up to case and space, the same phone or device). It is a finding when two and more of them have product, cart, checkout or purchase events in the window, or when one has these events and another the device or the e-mail address. The shopper is the profile with the cart, or with the most such events.',
      blind:
        'Profiles that share nothing are two people to this rule, even if they are one: a guest order with another e-mail stays unseen. So are events before the window. Addresses of a role (info@) and placeholders join nobody. Duplicates without shopping are only `identity/duplicate-email`.',
    },
  },
  options: z.object({}),
  population: () => sql`
    select count(*) as count from member
    where cluster in (select m.cluster from cart_value join member m using (cio_id))`,
  row: z.object({
    subject: z.string(),
    profiles: z.coerce.number(),
    buyers: z.coerce.number(),
    shopper: z.string(),
    has_cart: z.boolean(),
    holder: z.string().nullable(),
    addressee: z.string().nullable(),
  }),
  query: () => sql`
    select subject, profiles, buyers, shopper, has_cart, holder, addressee from split_history`,
  finding: ({ subject, profiles, buyers, shopper, has_cart, holder, addressee }) => ({
    subject: { key: subject, label: subject.slice(subject.indexOf(':') + 1) },
    message: [
      `One person on ${profiles} profiles: ${has_cart ? 'the cart is' : 'the shopping events are'} on ${shopper}`,
      ...(buyers > 1 ? [`${buyers} profiles have shopping events`] : []),
      ...(holder === null ? [] : [`the device is on ${holder}`]),
      ...(addressee === null ? [] : [`the e-mail is on ${addressee}`]),
    ].join(', '),
    affected: profiles,
    unit: 'profiles',
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    intent_events: z.number(),
    has_device: z.boolean(),
    joined_by: z.string(),
    survivor: z.string(),
  }),
  evidence: () => sql`
    select s.subject, m.cio_id, m.id, m.email, m.intent_events, m.has_device, r.joined_by, v.cio_id as survivor
    from split_history s join mate m using (cluster) join profile_reason r on r.cio_id = m.cio_id
    join survivor v on v.cluster = s.cluster`,
  remediation: () =>
    'Identify with one id right after login in the app, on the web and in the shop, so that no second profile is made; then merge these profiles (merge-suggestions.csv names which into which) before the cart journey starts.',
  examples: [
    {
      title: 'The cart is on the profile with the id, the phone on the one that the newsletter made',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' },
          { cio_id: 'a2', email: 'Ana@shop.test', devices: [{ token: 'a'.repeat(64) }] },
        ],
        events: [
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [], cart_value: 0, currency: 'EUR' },
          },
        ],
      },
      findings: ['email:ana@shop.test'],
    },
    {
      title: 'Cart, phone and e-mail are on one profile, and a quiet duplicate exists',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', devices: [{ token: 'a'.repeat(64) }] },
          { cio_id: 'a2', email: 'Ana@shop.test', devices: [{ token: 'b'.repeat(64) }] },
        ],
        events: [
          {
            cio_id: 'a1',
            name: 'cart_updated',
            at: '2026-11-20T10:00:00Z',
            data: { items: [], cart_value: 0, currency: 'EUR' },
          },
        ],
      },
      findings: [],
    },
  ],
})
