import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const words: Readonly<Record<string, string>> = {
  placeholder: 'is a placeholder',
  'other-provider': 'is the device name of another push provider',
  description: 'is the printed form of a token, in brackets',
  quotes: 'has quotes in it',
  'white-space': 'has white space in it',
  length: 'is too short, too long or cut off',
  characters: 'has characters that no token has',
}

export default defineRule({
  meta: {
    id: 'devices/malformed-token',
    title: 'Every device token has the form of a push token',
    failureTitle: 'Some device tokens cannot be push tokens',
    severity: 'error',
    checklist: ['devices-on-messaged-profile'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-device',
    threshold: { maxRate: 0.001 },
    measuredBy: 'rule',
    subject: 'device',
    unit: 'devices',
    docs: {
      why: 'Customer.io keeps any text as a token, and a segment "has a device" counts it. The cart push then goes to `null` or to a name that only another push provider knows, and nobody gets it. It comes from code that sends the token before it is there, prints its bytes, or takes the id of a second push SDK.',
      decides:
        'A token is fine as an APNs token (an even number of hex digits, 64 to 200) or as an FCM token (with a colon and at least 100 URL-safe characters after it, or the old form of 152); iOS apps may have FCM tokens too. Everything else is a finding, and the message says what it looks like. A device is one token on one profile: a placeholder on 200 profiles is one finding with 200 devices.',
      blind:
        'A token of the right form can still be wrong: of another app, of a test build or long dead. Only the push provider knows that; see `devices/undeliverable-token`.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(*) as count from held_device`,
  row: z.object({
    token: z.string(),
    malformed: z.string(),
    profiles: z.coerce.number(),
    last_used: z.string().nullable(),
  }),
  query: () => sql`
    select token, malformed, count(*) as profiles, max(last_used) as last_used
    from held_device where malformed is not null group by token, malformed`,
  finding: ({ token, malformed, profiles, last_used }) => ({
    subject: { key: token, label: token },
    message: `The token ${words[malformed] ?? malformed}${profiles === 1 ? '' : `; ${profiles} profiles hold it`}`,
    affected: profiles,
    unit: 'devices',
    lastSeen: last_used,
  }),
  evidenceRow: z.object({
    token: z.string(),
    looks_like: z.string(),
    platform: z.string().nullable(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    app_version: z.string().nullable(),
    last_used: z.string().nullable(),
  }),
  evidence: () => sql`
    select d.token as subject, d.token, d.malformed as looks_like, d.platform, d.cio_id, p.id, p.email, d.app_version, d.last_used
    from held_device d join profile p using (cio_id) where d.malformed is not null`,
  remediation: () =>
    'Send the token only in the callback that delivers it, as the push service gave it: hex digits for APNs, the text of FCM as it is. Delete the devices of the evidence file.',
  examples: [
    {
      title: 'A token in the printed form of its bytes, and the name of another provider',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', devices: [{ token: `<${'a1b2c3d4 '.repeat(8).trim()}>` }] },
          { cio_id: 'a2', id: 'u-2', devices: [{ token: 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]' }] },
        ],
      },
      findings: [`<${'a1b2c3d4 '.repeat(8).trim()}>`, 'ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]'],
    },
    {
      title: 'An iOS app that uses FCM',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            devices: [{ token: `${'x'.repeat(22)}:APA91b${'y'.repeat(134)}`, platform: 'ios' }],
          },
        ],
      },
      findings: [],
    },
  ],
})
