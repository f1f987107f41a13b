import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const words = {
  duplicate: 'the profiles are one person twice',
  switch: 'an account switch left it behind',
  shared: 'a shared device',
} as const

export default defineRule({
  meta: {
    id: 'devices/shared-token',
    title: 'Every device token sits on one profile',
    failureTitle: 'Some device tokens sit on several profiles',
    severity: 'error',
    checklist: ['devices-on-messaged-profile'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    threshold: { maxRate: 0.005 },
    measuredBy: 'rule',
    subject: 'device',
    unit: 'tokens',
    evidence: (kinds) =>
      kinds.has('app-api')
        ? 'the devices that Customer.io holds now'
        : "the SDK's device calls in Pipelines files",
    docs: {
      why: 'Customer.io does not move a token when somebody else logs in on the phone. If the logout call is lost, the old profile keeps the token, and the next person reads a cart push that was meant for the one before.',
      decides:
        'A token that is held by two or more profiles is a finding. Profiles of one cluster are one person twice; two people are an account switch; three or more people are a shared device.',
      blind:
        'The App API shows who holds a token now, not since when; Pipelines files show the calls that registered and deleted it, so a change on the server alone is not seen there. The profile that used it last is taken for its owner. Malformed tokens and placeholders are left to `devices/malformed-token`.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(distinct token) as count from device where well_formed`,
  row: z.object({
    token: z.string(),
    profiles: z.coerce.number(),
    people: z.coerce.number(),
    newest: z.string(),
    last_used: z.string().nullable(),
  }),
  query: () => sql`
    select d.token, count(*) as profiles, count(distinct m.cluster) as people,
      arg_max(d.cio_id, (coalesce(d.last_used, '1970-01-01'::timestamp), d.cio_id)) as newest, max(d.last_used) as last_used
    from device d join member m using (cio_id)
    where d.well_formed and d.holders > 1 group by d.token`,
  finding: ({ token, profiles, people, newest, last_used }) => ({
    subject: { key: token, label: token },
    message: `${profiles} profiles hold one device token: ${words[people === 1 ? 'duplicate' : people === 2 ? 'switch' : 'shared']}; ${newest} used it last`,
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
    other_cio_ids: z.string(),
  }),
  evidence: () => sql`
    with held as (
      select d.*, p.id, p.email,
        row_number() over newest_first as place,
        string_agg(d.cio_id, ' ') over (partition by d.token order by d.cio_id rows between unbounded preceding and unbounded following) as everyone
      from device d join profile p using (cio_id) where d.well_formed and d.holders > 1
      window newest_first as (partition by d.token order by d.last_used desc nulls last, d.cio_id desc)
    )
    select token as subject, token, platform, cio_id, id, email, last_used,
      array_to_string(list_filter(string_split(everyone, ' '), lambda other: other <> cio_id), ' ') as other_cio_ids
    from held where place = 1`,
  remediation: () =>
    'Call clearIdentify at logout before the next identify, keep the SDK up to date, and delete the device from every profile but the one that used it last.',
  examples: [
    {
      title: 'Two accounts on one phone',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', devices: [{ token: 'a'.repeat(64) }] },
          { cio_id: 'a2', id: 'u-2', email: 'bo@shop.test', devices: [{ token: 'a'.repeat(64) }] },
        ],
      },
      findings: ['a'.repeat(64)],
    },
    {
      title: 'One person with two phones',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            email: 'ana@shop.test',
            devices: [{ token: 'a'.repeat(64) }, { token: 'b'.repeat(64) }],
          },
        ],
      },
      findings: [],
    },
  ],
})
