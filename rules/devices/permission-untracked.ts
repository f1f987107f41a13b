import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

const unasked = sql`
  select a.cio_id, coalesce(a.platforms, 'no device') as platforms from audience a
  where a.app_user and a.attribute_says is null and a.devices_say is null`

export default defineRule({
  meta: {
    id: 'devices/permission-untracked',
    title: 'Of every app user it is known whether they may be pushed',
    failureTitle: 'Of some app users nobody knows whether they may be pushed',
    severity: 'error',
    checklist: ['push-permission'],
    needs: ['people', 'attributes', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-profile',
    threshold: { maxRate: 0.02 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'app users',
    docs: {
      why: 'A journey should ask first who can be pushed, and then who left a cart. Where the permission is not tracked, these people fall out of the audience of every push, or are pushed into nothing while an e-mail would have reached them.',
      decides:
        'An app user has a device, or was active in the app in the window. A finding is an app user without the opt-in attribute (`push.optInAttribute` of the config) and without a device that says `push_enabled`, one way or the other. One finding for each platform of their devices, and one for those without a device.',
      blind:
        'A value of the attribute that reads as neither yes nor no counts as tracked here; `attributes/wrong-type` names it. Whether the answer is true, and how old it is, cannot be seen. Someone who uses the app but was not active in the window and has no device is not known as an app user.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from audience where app_user`,
  row: z.object({ platforms: z.string(), profiles: z.coerce.number() }),
  query: () => sql`select platforms, count(*) as profiles from (${unasked}) group by platforms`,
  finding: ({ platforms, profiles }, { settings }) => ({
    subject: { key: platforms, label: platforms },
    message: `${counted(profiles, 'app user')} (${platforms}) ${profiles === 1 ? 'has' : 'have'} neither ${settings.push.optInAttribute} nor a device that says push_enabled`,
    affected: profiles,
    unit: 'app users',
    attributes: [settings.push.optInAttribute],
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    platforms: z.string(),
  }),
  evidence: () => sql`
    select u.platforms as subject, u.cio_id, p.id, p.email, u.platforms
    from (${unasked}) u join profile p using (cio_id)`,
  remediation: () =>
    'Send the permission as an attribute with identify and whenever it changes, and keep the SDK up to date: current ones send push_enabled with each device.',
  examples: [
    {
      title: 'A device that does not say whether push is on',
      workspace: { profiles: [{ cio_id: 'a1', id: 'u-1', devices: [{ token: 'a'.repeat(64) }] }] },
      findings: ['ios'],
    },
    {
      title: 'A no is an answer too',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: [{ token: 'a'.repeat(64), attributes: { push_enabled: 'false' } }],
          },
        ],
      },
      findings: [],
    },
  ],
})
