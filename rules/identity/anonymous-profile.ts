import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

/** Visitors that only a device call in Pipelines files names (`anon:…`) are no profiles of the workspace. */
const anonymous = sql`
  select cio_id, id, created_at, coalesce('id:' || nullif(id, ''), cio_id) as identity,
    case when coalesce(id_norm, '') = '' then 'none' when id_norm in (from placeholder) then 'placeholder' else 'anonymous' end as has
  from profile where anonymous and not starts_with(cio_id, 'anon:')`

const words = {
  none: () => 'has no id, no e-mail and no phone',
  placeholder: (id: string) => `has nothing but the id "${id}", which means nobody`,
  anonymous: (id: string) => `is only the anonymous id ${id}`,
} as const

export default defineRule({
  meta: {
    id: 'identity/anonymous-profile',
    title: 'Profiles say who they are',
    failureTitle: 'Many profiles are only an anonymous id',
    severity: 'warn',
    checklist: ['anonymous-merge'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'partial' },
    sample: 'per-profile',
    threshold: { maxRate: 0.01 },
    measuredBy: 'rule',
    subject: 'profile',
    unit: 'profiles',
    docs: {
      why: 'Customer.io keeps visitors without a profile and joins what they did when they log in. A tool that makes a profile of each anonymous id breaks this: the cart stays on the anonymous profile, and the cart push goes to somebody without device and e-mail.',
      decides:
        'A profile without e-mail and phone whose id is absent, is a placeholder ("null", "guest" …), or equals its own attribute `anonymous_id`.',
      blind:
        'Whether an id of the usual form was made for a visitor can only be seen where the profile has it as `anonymous_id`, too. Visitors in Pipelines files who have no profile are normal and not counted.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from profile`,
  row: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    identity: z.string(),
    created_at: z.string().nullable(),
    has: z.enum(['none', 'placeholder', 'anonymous']),
  }),
  query: () => anonymous,
  finding: ({ cio_id, id, identity, created_at, has }) => ({
    subject: { key: cio_id, label: cio_id },
    identity,
    message: `${cio_id} ${words[has](id ?? '')}`,
    affected: 1,
    unit: 'profiles',
    firstSeen: created_at,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    created_at: z.string().nullable(),
    devices: z.number(),
    intent_events: z.number(),
  }),
  evidence: () => sql`
    select a.cio_id as subject, a.identity, a.cio_id, a.id, a.created_at,
      (select count(*) from device d where d.cio_id = a.cio_id) as devices, u.intent_events
    from (${anonymous}) a join audience u using (cio_id)`,
  remediation: () =>
    'Call identify only when you know who it is, and send the anonymous id as `anonymous_id` and never as the id. Turn on anonymous merging in the workspace settings, and delete these profiles when nothing hangs on them.',
  examples: [
    {
      title: 'A tool made a profile of an anonymous id',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'f3b1', attributes: { anonymous_id: 'f3b1' } },
          { cio_id: 'a2' },
          { cio_id: 'a3', id: 'guest' },
        ],
      },
      findings: ['a1', 'a2', 'a3'],
    },
    {
      title: 'An id, an e-mail or a phone says who it is',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'f3b1', attributes: { anonymous_id: '77aa' } },
          { cio_id: 'a2', email: 'ana@shop.test', attributes: { anonymous_id: 'f3b1' } },
          { cio_id: 'a3', attributes: { phone: '+14155552671' } },
        ],
      },
      findings: [],
    },
  ],
})
