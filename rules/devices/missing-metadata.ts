import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

export default defineRule({
  meta: {
    id: 'devices/missing-metadata',
    title: 'Devices say their platform, app version, system and SDK version',
    failureTitle: 'Some devices do not say what they are',
    severity: 'info',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-device',
    threshold: {},
    measuredBy: 'finding',
    subject: 'group',
    unit: 'devices',
    docs: {
      why: 'When pushes fail or events lose a property, the first question is: on which platform, in which version? A device that was registered by a server call without these facts answers none of them, and a push for one platform only cannot leave it out.',
      decides:
        'Four facts are looked for on each device: platform, `app_version`, `device_os` and `cio_sdk_version`. One finding for each that is absent or empty somewhere. A device without several of them is in each of their findings.',
      blind:
        'It only informs: a push is delivered without these facts. The SDKs send them by themselves, so what is missing mostly came from a server or an import. Whether a version is true is not checked.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from held_device`,
  row: z.object({ lack: z.string(), devices: z.coerce.number(), of: z.coerce.number() }),
  query: () => sql`
    select lack, count(*) as devices, (select count(*) from held_device) as of
    from (select unnest(lacks) as lack from held_device) group by lack`,
  finding: ({ lack, devices, of }) => ({
    subject: { key: lack, label: lack },
    message: `${devices} of ${of} devices do not say their ${lack}`,
    affected: devices,
    unit: 'devices',
    population: of,
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
    select lack as subject, d.token, d.platform, d.cio_id, p.id, p.email, d.last_used
    from (select *, unnest(lacks) as lack from held_device) d join profile p using (cio_id)`,
  remediation: () =>
    'Let the SDK register the device instead of the server, or send platform, app_version, device_os and cio_sdk_version with the device call.',
  examples: [
    {
      title: 'A device that a server registered with its token alone',
      workspace: { profiles: [{ cio_id: 'a1', id: 'u-1', devices: [{ token: 'a'.repeat(64) }] }] },
      findings: ['app_version', 'cio_sdk_version', 'device_os'],
    },
    {
      title: 'A device as the SDK registers it',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: [
              {
                token: 'a'.repeat(64),
                attributes: { app_version: '3.2.0', device_os: '18.1', cio_sdk_version: '4.7.1' },
              },
            ],
          },
        ],
      },
      findings: [],
    },
  ],
})
