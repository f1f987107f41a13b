import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

const words: Readonly<Record<string, string>> = {
  'attribute-true': 'opted in by their attribute, while every device has push switched off',
  'attribute-false': 'opted out by their attribute, while a device has push switched on',
}

const torn = sql`
  select cio_id, platforms, case attribute_says when 'yes' then 'attribute-true' else 'attribute-false' end as said
  from audience
  where (attribute_says = 'yes' and devices_say = 'no') or (attribute_says = 'no' and devices_say = 'yes')`

export default defineRule({
  meta: {
    id: 'devices/permission-contradiction',
    title: 'The opt-in attribute and the devices agree',
    failureTitle: 'The opt-in attribute and the devices contradict each other',
    severity: 'warn',
    checklist: ['push-permission'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'none' },
    sample: 'per-profile',
    threshold: { maxRate: 0.05 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'profiles with both an opt-in attribute and a device that says push_enabled',
    docs: {
      why: 'Somebody switches notifications off in the settings of the phone, and the attribute still says yes: the segment counts them, the push shows nothing, and the journey looks as if it did not convert. The other way round a customer who said yes is never pushed.',
      decides:
        'A contradiction is an attribute that reads as true while every device says `push_enabled` false, or one that reads as false while a device says true. One finding for each of the two.',
      blind:
        'A device that says nothing contradicts nobody, so one silent device among disabled ones is enough to be quiet. An opt-out in the app that the system does not know of is a wish, not a mistake: the finding about `attribute-false` may then be fine. Which of the two is newer cannot be seen.',
    },
  },
  options: z.object({}),
  population: () =>
    sql`select count(*) as count from audience where attribute_says in ('yes', 'no') and devices_say is not null`,
  row: z.object({ said: z.string(), profiles: z.coerce.number() }),
  query: () => sql`select said, count(*) as profiles from (${torn}) group by said`,
  finding: ({ said, profiles }, { settings }) => ({
    subject: { key: said, label: said },
    message: `${counted(profiles, 'profile')} ${profiles === 1 ? 'is' : 'are'} ${words[said] ?? said}`,
    affected: profiles,
    unit: 'profiles',
    attributes: [settings.push.optInAttribute],
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    platforms: z.string(),
  }),
  evidence: () => sql`
    select t.said as subject, t.cio_id, p.id, p.email, t.platforms from (${torn}) t join profile p using (cio_id)`,
  remediation: () =>
    'Set the attribute from the permission of the system at every start of the app, not only once when it was asked for. Until then let push segments ask for both.',
  examples: [
    {
      title: 'Yes in the profile, off in the phone',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            attributes: { push_opt_in: 'true' },
            devices: [{ token: 'a'.repeat(64), attributes: { push_enabled: 'false' } }],
          },
        ],
      },
      findings: ['attribute-true'],
    },
    {
      title: 'Off on the tablet, on on the phone',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            attributes: { push_opt_in: 'true' },
            devices: [
              { token: 'a'.repeat(64), attributes: { push_enabled: 'false' } },
              { token: 'b'.repeat(64), attributes: { push_enabled: 'true' } },
            ],
          },
        ],
      },
      findings: [],
    },
  ],
})
