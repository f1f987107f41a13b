import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

const words: Readonly<Record<string, string>> = {
  'no-device': 'no device',
  bounced: 'devices to which pushes bounce',
  disabled: 'push switched off on every device',
  malformed: 'nothing but malformed tokens',
  shared: 'only a token that another profile holds as well',
  dormant: 'not used the app for a while',
}

const unreached = sql`
  select cio_id, platforms, best_device, app_active,
    case when not app_active or best_device = 'stale' then 'dormant'
      when best_device = 'none' then 'no-device'
      when best_device = 'undeliverable' then 'bounced'
      else best_device end as reason
  from audience where permission = 'in' and best_device <> 'deliverable'`

export default defineRule({
  meta: {
    id: 'devices/opted-in-unreachable',
    title: 'Active people who opted in can be pushed',
    failureTitle: 'Active people opted in, but no push can reach them',
    severity: 'error',
    checklist: ['push-permission'],
    needs: ['people', 'attributes', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'none' },
    sample: 'found',
    threshold: { maxRate: 0.1 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'active people who opted in',
    docs: {
      why: 'They said yes, they use the app, they left a cart, and the push "your cart is waiting" has nowhere to go. These are the customers that the programme counts on, and an audience built on the opt-in attribute alone shows them as reachable.',
      decides:
        'Opted in: not unsubscribed, and the opt-in attribute reads as true, or is absent while a device has push switched on. Active: a mobile event in the window, or a device used in it. A device can be reached when its token is well formed, held by this profile alone, not bounced or suppressed, and push is not switched off. One finding for each reason, by the best device that a person has. People who opted in but did not use the app lately, or whose devices are all stale, are told apart under `dormant`; they fail nothing.',
      blind:
        'A token that looks fine may be dead without anybody having pushed to it. A person whose device sits on a duplicate of the profile counts as one without a device here; `devices/orphaned-token` names the token.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from audience where permission = 'in' and app_active`,
  row: z.object({ reason: z.string(), profiles: z.coerce.number() }),
  query: () => sql`select reason, count(*) as profiles from (${unreached}) group by reason`,
  finding: ({ reason, profiles }, { settings }) => ({
    subject: { key: reason, label: reason },
    message: `${counted(profiles, 'person', 'people')} who opted in ${profiles === 1 ? 'has' : 'have'} ${words[reason] ?? reason}`,
    affected: profiles,
    unit: 'profiles',
    attributes: [settings.push.optInAttribute],
    ...(reason === 'dormant' ? { informative: 'info' as const } : {}),
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    best_device: z.string(),
    platforms: z.string().nullable(),
    active: z.boolean(),
  }),
  evidence: () => sql`
    select u.reason as subject, u.cio_id, p.id, p.email, u.best_device, u.platforms, u.app_active as active
    from (${unreached}) u join profile p using (cio_id)`,
  remediation: () =>
    'Filter push journeys by the opt-in and by a device that can be reached, and give the others an e-mail. Then mend the largest reason first: register the device right after identify, or ask again for the permission inside the app.',
  examples: [
    {
      title: 'Opted in and shopping in the app, without a device',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1', attributes: { push_opt_in: 'true' } }],
        events: [
          {
            cio_id: 'a1',
            name: 'app_opened',
            at: '2026-11-20T10:00:00Z',
            data: { platform: 'ios' },
          },
        ],
      },
      findings: ['no-device'],
    },
    {
      title: 'The old phone is switched off, the new one is not',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            attributes: { push_opt_in: 'true' },
            devices: [
              {
                token: 'a'.repeat(64),
                lastUsed: '2026-11-20T10:00:00Z',
                attributes: { push_enabled: 'false' },
              },
              {
                token: 'b'.repeat(64),
                lastUsed: '2026-11-20T10:00:00Z',
                attributes: { push_enabled: 'true' },
              },
            ],
          },
        ],
      },
      findings: [],
    },
  ],
})
