import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

const flapping = (returns: number) => sql`
  select f.token, max(f.returns) as returns, string_agg(f.field || ' ' || f.versions, '; ' order by f.field) as versions,
    min(f.first_at) as first_at, max(f.last_at) as last_at
  from version_flap f where f.returns >= ${returns} and f.token in (select token from held_device) group by f.token`

export default defineRule({
  meta: {
    id: 'devices/sdk-flapping',
    title: 'App and SDK versions of a device only go forward',
    failureTitle: 'The app or SDK version of some devices goes back and forth',
    severity: 'warn',
    checklist: ['devices-on-messaged-profile'],
    needs: ['people', 'attributes', 'activities'],
    sources: { 'app-api': 'partial', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-device',
    threshold: { maxRate: 0.005 },
    measuredBy: 'rule',
    subject: 'device',
    unit: 'tokens',
    evidence: (kinds) =>
      kinds.has('pipelines')
        ? 'the versions in the calls of Pipelines files'
        : 'the changes of devices that Customer.io noted',
    docs: {
      why: 'Two SDKs in one app, or two installs that share a token, take turns in registering it. Each of them thinks that it is the one: pushes come twice, and a logout in one leaves the token with the other.',
      decides:
        'For each token the versions are put in order of time. Going back to a version that it had left before is a return; a token with `returns` of them (2 unless set) in its `app_version` or its `cio_sdk_version` is a finding. An update is no return, and one step back and forth again within a trial is one.',
      blind:
        'Over the App API only changes that Customer.io noted as `device_change` are seen, and their form is not promised: one that names no token counts for the only device of its person, and for nobody if there are several. A person with two phones in two versions is fine, so versions are never compared across tokens.',
    },
  },
  options: z.object({
    returns: z.int().positive().default(2).describe('returns to an earlier version that make a finding'),
  }),
  population: () => sql`select count(distinct token) as count from held_device`,
  row: z.object({
    token: z.string(),
    returns: z.coerce.number(),
    versions: z.string(),
    first_at: z.string(),
    last_at: z.string(),
  }),
  query: ({ options }) => sql`from (${flapping(options.returns)})`,
  finding: ({ token, returns, versions, first_at, last_at }) => ({
    subject: { key: token, label: token },
    message: `The version went back to an earlier one ${counted(returns, 'time')}: ${versions}`,
    affected: 1,
    unit: 'tokens',
    firstSeen: first_at,
    lastSeen: last_at,
  }),
  evidenceRow: z.object({
    token: z.string(),
    platform: z.string().nullable(),
    versions: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    last_used: z.string().nullable(),
  }),
  evidence: ({ options }) => sql`
    with held as (
      select *, row_number() over (partition by token order by last_used desc nulls last, cio_id) as place from held_device
    )
    select f.token as subject, f.token, h.platform, f.versions, h.cio_id, p.id, p.email, h.last_used
    from (${flapping(options.returns)}) f join held h on h.token = f.token and h.place = 1 join profile p using (cio_id)`,
  remediation: () =>
    'Look for a second copy of the SDK in the app (an own one beside that of a wrapper such as React Native), and for a notification extension or an old build that registers the same token. Keep one, and update it everywhere.',
  examples: [
    {
      title: 'Two SDKs take turns',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1', devices: [{ token: 'a'.repeat(64) }] }],
        activities: [
          ['3.3.1', '2.9.2'],
          ['2.9.2', '3.3.1'],
          ['3.3.1', '2.9.2'],
        ].map(([from, to], n) => ({
          cio_id: 'a1',
          type: 'device_change',
          at: `2026-11-1${n}T10:00:00Z`,
          data: { id: 'a'.repeat(64), cio_sdk_version: { from, to } },
        })),
      },
      findings: ['a'.repeat(64)],
    },
    {
      title: 'A new version that was taken back',
      workspace: {
        profiles: [{ cio_id: 'a1', id: 'u-1', devices: [{ token: 'a'.repeat(64) }] }],
        activities: [
          ['3.3.1', '3.4.0'],
          ['3.4.0', '3.3.1'],
        ].map(([from, to], n) => ({
          cio_id: 'a1',
          type: 'device_change',
          at: `2026-11-1${n}T10:00:00Z`,
          data: { id: 'a'.repeat(64), cio_sdk_version: { from, to } },
        })),
      },
      findings: [],
    },
  ],
})
