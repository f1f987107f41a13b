import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'devices/stale-token',
    title: 'Device tokens were used lately',
    failureTitle: 'Some device tokens have been silent for a long time',
    severity: 'info',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'none' },
    sample: 'per-device',
    threshold: {},
    measuredBy: 'rule',
    subject: 'group',
    unit: 'devices',
    docs: {
      why: 'Customer.io removes a token only when the push provider says that the app is gone, and it learns that by sending. A winback audience counted by "has a device" can be a third larger than what a push will reach.',
      decides:
        'A device is silent when it was last used longer ago than `push.staleAfter` of the config (270 days unless set), or when no time of use is known. One finding for each of the two.',
      blind:
        'A silent device is not a defect: the app may still be installed, and a push may bring its owner back. So this only informs. In Pipelines files a device that is silent does not show at all.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from held_device`,
  row: z.object({
    silent: z.string(),
    devices: z.coerce.number(),
    ios: z.coerce.number(),
    android: z.coerce.number(),
    first_used: z.string().nullable(),
    last_used: z.string().nullable(),
  }),
  query: () => sql`
    select silent, count(*) as devices, count(*) filter (platform = 'ios') as ios, count(*) filter (platform = 'android') as android,
      min(last_used) as first_used, max(last_used) as last_used
    from held_device where silent is not null group by silent`,
  finding: ({ silent, devices, ios, android, first_used, last_used }, { settings }) => ({
    subject: { key: silent, label: silent },
    message: `${counted(devices, 'device')} (${ios} ios, ${android} android) ${
      silent === 'unused'
        ? `${devices === 1 ? 'was' : 'were'} not used for ${Math.round(settings.push.staleAfterSeconds / 86_400)} days`
        : `${devices === 1 ? 'has' : 'have'} no time of use`
    }`,
    affected: devices,
    unit: 'devices',
    firstSeen: first_used,
    lastSeen: last_used,
  }),
  evidenceRow: z.object({
    token: z.string(),
    platform: z.string().nullable(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    last_used: z.string().nullable(),
  }),
  evidence: () => sql`
    select d.silent as subject, d.token, d.platform, d.cio_id, p.id, p.email, d.last_used
    from held_device d join profile p using (cio_id) where d.silent is not null`,
  remediation: () =>
    'Count a push audience by devices that were used lately, and reach the others by e-mail first. Nothing needs to be deleted.',
  examples: [
    {
      title: 'A phone in a drawer, and one that never said when it was used',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: [{ token: 'a'.repeat(64), lastUsed: '2026-02-01T00:00:00Z' }],
          },
          { cio_id: 'a2', id: 'u-2', devices: [{ token: 'b'.repeat(64) }] },
        ],
      },
      findings: ['never-used', 'unused'],
    },
    {
      title: 'Used eight months ago',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: [{ token: 'a'.repeat(64), lastUsed: '2026-03-20T00:00:00Z' }],
          },
        ],
      },
      findings: [],
    },
  ],
})
