import { z } from 'zod'
import { counted, defineRule, sql } from '../../src/audit/rule.ts'

/** Devices of builds whose identifier or version has one of the words, with the name that says so. */
const ofDebugBuilds = (words: readonly string[]) => sql`
  select d.*, case when list_has_any(b.identifier_words, ${words}::varchar[]) then d.app_identifier else d.app_version end as build
  from held_device d join app_build b on b.app_identifier is not distinct from d.app_identifier
    and b.app_version is not distinct from d.app_version
  where list_has_any(b.identifier_words || b.version_words, ${words}::varchar[])`

export default defineRule({
  meta: {
    id: 'devices/debug-build',
    title: 'Devices run the app that customers have',
    failureTitle: 'Some devices run a test build of the app',
    severity: 'warn',
    checklist: [],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-device',
    threshold: { maxRate: 0.01 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'devices',
    docs: {
      why: 'A test build that sends to the production workspace fills it with carts that nobody wants, and its tokens bounce: they belong to the sandbox of the push service. The test of a cart journey then proves how testers behave, not customers.',
      decides:
        'The name of the app (`app_identifier`) or its version says so with one of `words`, as a word of its own: `com.shop.app.debug`, `3.2.0-beta.1`, `appStaging`. `latest` and `contest` are no such words. One finding for each name.',
      blind:
        'The first two parts of an identifier name the company (`dev.northwind.shop` belongs to northwind.dev), so they are not read. A test build that is named like the real one cannot be told from it. A build of an open beta programme is used by real customers: take `beta` out of `words` then.',
    },
  },
  options: z.object({
    words: z
      .array(z.string().regex(/^[a-z]+$/))
      .default(['debug', 'dev', 'staging', 'beta', 'test'])
      .describe('words that name a build that is not production, in small letters'),
  }),
  population: () => sql`select count(*) as count from held_device`,
  row: z.object({
    build: z.string(),
    devices: z.coerce.number(),
    profiles: z.coerce.number(),
    last_used: z.string().nullable(),
  }),
  query: ({ options }) => sql`
    select build, count(*) as devices, count(distinct cio_id) as profiles, max(last_used) as last_used
    from (${ofDebugBuilds(options.words)}) group by build`,
  finding: ({ build, devices, profiles, last_used }) => ({
    subject: { key: build, label: build },
    message: `The build ${build} runs on ${counted(devices, 'device')} of ${counted(profiles, 'profile')}`,
    affected: devices,
    unit: 'devices',
    lastSeen: last_used,
  }),
  evidenceRow: z.object({
    token: z.string(),
    platform: z.string().nullable(),
    app_identifier: z.string().nullable(),
    app_version: z.string().nullable(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    last_used: z.string().nullable(),
  }),
  evidence: ({ options }) => sql`
    select b.build as subject, b.token, b.platform, b.app_identifier, b.app_version, b.cio_id, p.id, p.email, b.last_used
    from (${ofDebugBuilds(options.words)}) b join profile p using (cio_id)`,
  remediation: () =>
    'Give test builds the keys of a workspace of their own, and delete their devices here. Testers who need the real workspace belong into a QA segment that every journey leaves out.',
  examples: [
    {
      title: 'A debug build by its identifier, a beta by its version',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: [{ token: 'a'.repeat(64), attributes: { app_identifier: 'com.shop.app.debug' } }],
          },
          {
            cio_id: 'a2',
            id: 'u-2',
            devices: [{ token: 'b'.repeat(64), attributes: { app_version: '3.2.0-beta1' } }],
          },
        ],
      },
      findings: ['3.2.0-beta1', 'com.shop.app.debug'],
    },
    {
      title: 'A company whose domain ends in .dev',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: [
              {
                token: 'a'.repeat(64),
                attributes: { app_identifier: 'dev.northwind.contest', app_version: '3.2.0' },
              },
            ],
          },
        ],
      },
      findings: [],
    },
  ],
})
