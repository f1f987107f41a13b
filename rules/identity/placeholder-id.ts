import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'identity/placeholder-id',
    title: 'No placeholder names a person',
    failureTitle: 'Placeholders gather strangers on one profile',
    severity: 'error',
    checklist: ['canonical-identifier'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'full' },
    sample: 'found',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'profile-cluster',
    unit: 'profiles',
    docs: {
      why: 'An app that identifies before it knows the customer sends "null" as the id. Everybody to whom this happens becomes one profile: it has the carts of a hundred people, and the cart push shows somebody else what a stranger wanted to buy.',
      decides:
        'An id, e-mail or phone that means nobody: null, none, 0, -1, guest, anonymous, unknown, the nil UUID, test@test.com, +10000000000, what JavaScript writes for an absent value or for an object, and their like, in any case and with space around; `identity.placeholders` adds your own. One finding for each value. It is an error where a profile gathers strangers: it is named by the placeholder (its id; or its e-mail where it has no id; or its phone where it has neither), and it has product, cart, checkout or purchase events in the window, two or more devices, or had three or more e-mail addresses. All others are told as a warning and fail nothing.',
      blind:
        'A placeholder beside a good id gathers nobody: a till that fills in 0000000000 as the phone of real customers is only told. Which e-mail addresses a profile had before is seen for 30 days over the App API, and in full in warehouse files. Where no source shows events and devices, a profile that is named by a placeholder makes the rule inconclusive.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile`,
  doubt: () => sql`
    select 'whether ' || string_agg(distinct subject, ', ' order by subject) || ' gathers strangers is not known: ' || any_value(u.reason) as reason
    from placeholder_holder, (select reason from unmet_need where need = 'planned-events') u where names and not gathers having count(*) > 0`,
  row: z.object({
    subject: z.string(),
    kind: z.string(),
    value: z.string(),
    profiles: z.coerce.number(),
    gathering: z.coerce.number(),
    intent_events: z.coerce.number(),
    devices: z.coerce.number(),
    addresses: z.coerce.number(),
    first_seen: z.string().nullable(),
    last_seen: z.string().nullable(),
  }),
  query: () => sql`
    select h.subject, h.kind, h.value, count(*) as profiles, count(*) filter (gathers) as gathering,
      sum(intent_events) filter (gathers) as intent_events, sum(devices) filter (gathers) as devices,
      sum(addresses) filter (gathers) as addresses, min(p.created_at) as first_seen, max(p.created_at) as last_seen
    from placeholder_holder h join profile p using (cio_id) group by h.subject, h.kind, h.value`,
  finding: (row) => ({
    subject: { key: row.subject, label: row.value },
    message:
      row.gathering === 0
        ? `${row.profiles} ${row.profiles === 1 ? 'profile has' : 'profiles have'} the ${names[row.kind] ?? row.kind} "${row.value}", which means nobody`
        : `The ${names[row.kind] ?? row.kind} "${row.value}" gathers strangers: ${counted(row.intent_events, 'intent event')}, ${counted(row.devices, 'device')} and ${counted(row.addresses, 'e-mail address', 'e-mail addresses')} are on ${row.gathering === 1 ? 'one profile' : `${row.gathering} profiles`}`,
    affected: row.profiles,
    unit: 'profiles',
    ...(row.gathering === 0 ? { informative: 'warn' as const } : {}),
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    created_at: z.string().nullable(),
    gathers: z.boolean(),
    intent_events: z.number(),
    devices: z.number(),
    addresses: z.number(),
  }),
  evidence: () => sql`
    select h.subject, p.cio_id, p.id, p.email, p.phone, p.created_at, h.gathers, h.intent_events, h.devices, h.addresses
    from placeholder_holder h join profile p using (cio_id)`,
  remediation: () =>
    'Do not call identify before the customer is known, and refuse these values in the code that calls it. Delete the profile that they made: its history belongs to many people and cannot be given back.',
  examples: [
    {
      title: 'A profile "null" with a cart and two phones',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'null',
            devices: [{ token: 'a'.repeat(64) }, { token: 'b'.repeat(64) }],
          },
          { cio_id: 'a2', id: 'u-2', email: 'test@test.com' },
        ],
      },
      findings: ['email:test@test.com', 'id:null'],
    },
    {
      title: 'Words that only look like placeholders',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'null-7' },
          { cio_id: 'a2', id: '00', email: 'guest@shop.test' },
        ],
      },
      findings: [],
    },
  ],
})

const names: Readonly<Record<string, string>> = { id: 'id', email: 'e-mail', phone: 'phone' }
