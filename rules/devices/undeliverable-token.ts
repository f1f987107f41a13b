import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

const words: Readonly<Record<string, string>> = {
  bounced: 'bounced at the last push',
  suppressed: 'bounced twice in a row, so Customer.io pushes to them no more',
}

const lost = sql`last_status in ('bounced', 'suppressed')`

export default defineRule({
  meta: {
    id: 'devices/undeliverable-token',
    title: 'Pushes reach the devices that they are sent to',
    failureTitle: 'Pushes to many devices bounced',
    severity: 'warn',
    checklist: ['devices-on-messaged-profile'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'none' },
    sample: 'per-device',
    threshold: { maxRate: 0.1 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'devices',
    docs: {
      why: 'A device token is not the same as a push that arrives. After two bounces Customer.io stops trying, while every segment still says that the person has a device: the cart push is lost without a word.',
      decides:
        'Customer.io notes what became of the last push to a device: `bounced`, or `suppressed` after two in a row. One finding for each of them, over all devices.',
      blind:
        'A device that was never pushed has no status and counts as fine. Tokens that the provider reported as removed are deleted by Customer.io itself and are not seen any more. A device that is registered again loses its status.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from held_device`,
  row: z.object({
    last_status: z.string(),
    devices: z.coerce.number(),
    ios: z.coerce.number(),
    android: z.coerce.number(),
    last_used: z.string().nullable(),
  }),
  query: () => sql`
    select last_status, count(*) as devices, count(*) filter (platform = 'ios') as ios,
      count(*) filter (platform = 'android') as android, max(last_used) as last_used
    from held_device where ${lost} group by last_status`,
  finding: ({ last_status, devices, ios, android, last_used }) => ({
    subject: { key: last_status, label: last_status },
    message: `${counted(devices, 'device')} (${ios} ios, ${android} android) ${words[last_status] ?? last_status}`,
    affected: devices,
    unit: 'devices',
    lastSeen: last_used,
  }),
  evidenceRow: z.object({
    token: z.string(),
    platform: z.string().nullable(),
    app_version: z.string().nullable(),
    app_identifier: z.string().nullable(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    last_used: z.string().nullable(),
  }),
  evidence: () => sql`
    select d.last_status as subject, d.token, d.platform, d.app_version, d.app_identifier, d.cio_id, p.id, p.email, d.last_used
    from held_device d join profile p using (cio_id) where ${lost}`,
  remediation: () =>
    'If one platform or build stands out, check its push certificate or key and whether it is the sandbox one. The app mends a single device when it registers again with a new token.',
  examples: [
    {
      title: 'One bounce, and one too many',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: [{ token: 'a'.repeat(64), attributes: { _last_status: 'bounced' } }],
          },
          {
            cio_id: 'a2',
            id: 'u-2',
            devices: [{ token: 'b'.repeat(64), attributes: { _last_status: 'suppressed' } }],
          },
        ],
      },
      findings: ['bounced', 'suppressed'],
    },
    {
      title: 'A push that was sent, and a device that was never pushed',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: [
              { token: 'a'.repeat(64), attributes: { _last_status: 'sent' } },
              { token: 'b'.repeat(64), attributes: { _last_status: '' } },
            ],
          },
        ],
      },
      findings: [],
    },
  ],
})
