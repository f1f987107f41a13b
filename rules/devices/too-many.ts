import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

/** A fingerprint goes by id, then e-mail, so that it is the same from every source. */
const crowded = (most: number) => sql`
  select d.cio_id, coalesce(nullif(p.id, ''), p.email_norm, d.cio_id) as identity, p.id, p.email, count(*) as devices,
    count(distinct d.platform) as platforms, count(*) filter (d.silent is not null) as silent_devices,
    min(d.last_used) as first_used, max(d.last_used) as last_used
  from held_device d join profile p using (cio_id)
  group by d.cio_id, p.id, p.email_norm, p.email having count(*) > ${most}`

export default defineRule({
  meta: {
    id: 'devices/too-many',
    title: 'No profile has more devices than a person can own',
    failureTitle: 'Some profiles have more devices than a person can own',
    severity: 'warn',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'none' },
    sample: 'per-profile',
    threshold: { maxRate: 0.001 },
    measuredBy: 'rule',
    subject: 'profile',
    unit: 'profiles with a device',
    docs: {
      why: 'One profile with thirty devices is thirty people, or one phone that registers anew at every start. In the first case strangers read each other’s cart push; in the second one person is pushed many times.',
      decides: 'A profile with more than `most` devices (10 unless set) is a finding.',
      blind:
        'It does not say which of the devices belong to the person. A tester with a drawer of phones looks the same: waive such a profile, or raise `most`.',
    },
  },
  options: z.object({
    most: z.int().positive().default(10).describe('devices that one profile may have'),
  }),
  population: () => sql`select count(distinct cio_id) as count from held_device`,
  row: z.object({
    cio_id: z.string(),
    identity: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    devices: z.coerce.number(),
    silent_devices: z.coerce.number(),
    first_used: z.string().nullable(),
    last_used: z.string().nullable(),
  }),
  query: ({ options }) => sql`from (${crowded(options.most)})`,
  finding: ({ cio_id, identity, devices, silent_devices, first_used, last_used }) => ({
    subject: { key: cio_id, label: identity },
    identity,
    message: `The profile has ${devices} devices, ${silent_devices} of them silent for a long time`,
    affected: 1,
    unit: 'profiles',
    firstSeen: first_used,
    lastSeen: last_used,
  }),
  evidenceRow: z.object({
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    devices: z.coerce.number(),
    platforms: z.coerce.number(),
    silent_devices: z.coerce.number(),
    first_used: z.string().nullable(),
    last_used: z.string().nullable(),
  }),
  evidence: ({ options }) => sql`select cio_id as subject, * from (${crowded(options.most)})`,
  remediation: () =>
    'Look at one of the profiles: many people behind one id means that the app identifies with a fixed or shared id; one phone with many tokens means that old tokens are not deleted at token refresh (update the SDK). Then delete the devices that are not theirs.',
  examples: [
    {
      title: 'Eleven devices on one profile',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: Array.from({ length: 11 }, (_, n) => ({ token: String(n).padStart(64, 'a') })),
          },
        ],
      },
      findings: ['a1'],
    },
    {
      title: 'Ten devices on one profile',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: Array.from({ length: 10 }, (_, n) => ({ token: String(n).padStart(64, 'a') })),
          },
        ],
      },
      findings: [],
    },
  ],
})
