import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

/** Tokens by why nobody can be messaged on them. A token that also sits on the active profile is `devices/shared-token`. */
const orphans = sql`
  with mate as (
    select cluster, cio_id from member join audience using (cio_id) where intent_events > 0
  ), reached as (
    -- What an anonymous profile does makes it nobody who can be messaged.
    select distinct d.token from device d join audience a using (cio_id) join profile p using (cio_id)
    where a.intent_events > 0 and not p.anonymous
  ), orphan as (
    select d.token, d.cio_id, d.platform, d.last_used, d.gone, coalesce(p.anonymous, false) as anonymous,
      (select min(mate.cio_id) from mate join member m on m.cluster = mate.cluster
        where m.cio_id = d.cio_id) as active_cio_id
    from device d left join profile p using (cio_id)
    where d.well_formed and d.token not in (select token from reached)
      -- A token that somebody who is there holds as well is not lost with the one who is gone.
      and (d.gone is null or d.holders = 0)
  )
  select o.*, f.cio_id as former_cio_id, f.until_at as former_until, row_number() over (partition by o.token order by o.last_used desc nulls last, o.cio_id) as place
  from orphan o left join former_holder f using (token) where anonymous or gone is not null or active_cio_id is not null`

export default defineRule({
  meta: {
    id: 'devices/orphaned-token',
    title: 'Every device token sits where its owner is messaged',
    failureTitle: 'Some device tokens sit where nobody is messaged',
    severity: 'error',
    checklist: ['devices-on-messaged-profile'],
    needs: ['people', 'attributes', 'planned-events'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'found',
    threshold: { maxRate: 0.005 },
    measuredBy: 'rule',
    subject: 'device',
    unit: 'tokens',
    evidence: (kinds) =>
      [
        ...(kinds.has('app-api') ? ['the devices that Customer.io holds now'] : []),
        ...(kinds.has('pipelines') ? ["the SDK's device calls in Pipelines files"] : []),
      ].join(' and '),
    docs: {
      why: 'The app registers its token before login, or on a duplicate of the customer. The cart event then sits on one profile and the device on another: the segment says "reachable", the push goes nowhere.',
      decides:
        'A token is orphaned when its profile is anonymous, deleted or suppressed, or when another profile of the same cluster, and not its own, has product, cart, checkout or purchase events in the window. Where the history of the token shows it, the profile that it was taken off before is named with the day.',
      blind:
        'Customer.io shows no devices of anonymous visitors over the App API, only of profiles; Pipelines files show a token that was only ever sent before login, although the same visitor was identified later. A token that several profiles hold and that also sits on the active one is a shared token, and only that.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(distinct token) as count from device where well_formed`,
  row: z.object({
    token: z.string(),
    cio_id: z.string(),
    anonymous: z.boolean(),
    gone: z.string().nullable(),
    active_cio_id: z.string().nullable(),
    last_used: z.string().nullable(),
    former_cio_id: z.string().nullable(),
    former_until: z.string().nullable(),
  }),
  query: () => sql`
    select token, cio_id, anonymous, gone, active_cio_id, last_used, former_cio_id, former_until from (${orphans}) where place = 1`,
  finding: ({ token, cio_id, anonymous, gone, active_cio_id, last_used, former_cio_id, former_until }) => ({
    subject: { key: token, label: token },
    message: `${
      gone !== null
        ? `The token sits on ${cio_id}, a person who was ${gone}`
        : anonymous
          ? `The token sits on the anonymous profile ${cio_id}`
          : `The token sits on ${cio_id}, but the events of this person are on ${active_cio_id}`
    }${former_cio_id === null ? '' : `; until ${former_until?.slice(0, 10)} it was on ${former_cio_id}`}`,
    affected: 1,
    unit: 'tokens',
    lastSeen: last_used,
  }),
  evidenceRow: z.object({
    token: z.string(),
    platform: z.string().nullable(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    last_used: z.string().nullable(),
    active_cio_id: z.string().nullable(),
    former_cio_id: z.string().nullable(),
    former_until: z.string().nullable(),
  }),
  evidence: () => sql`
    select o.token as subject, o.token, o.platform, o.cio_id, p.id, p.email, o.last_used, o.active_cio_id, o.former_cio_id, o.former_until
    from (${orphans}) o left join profile p on p.cio_id = o.cio_id where o.place = 1`,
  remediation: () =>
    'Register the device again right after identify (current SDKs do this by themselves), and merge the profiles of one person so that events and device meet.',
  examples: [
    {
      title: 'The cart is on one profile of the person, the phone on the other',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test' },
          { cio_id: 'a2', email: 'ana@shop.test', devices: [{ token: 'a'.repeat(64) }] },
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
      findings: ['a'.repeat(64)],
    },
    {
      title: 'Cart and phone on the same profile, while a quiet duplicate exists',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', devices: [{ token: 'a'.repeat(64) }] },
          { cio_id: 'a2', email: 'ana@shop.test' },
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
