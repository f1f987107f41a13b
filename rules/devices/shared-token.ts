import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

interface Shared {
  readonly people: number
  readonly story: 'duplicate' | 'alternating' | 'switch' | null
  readonly switched_at: string | null
  readonly left_on: string | null
  readonly lost: boolean
}

/** Only what the history shows; without one, what the number of people suggests. */
function storyOf({ people, story, switched_at, left_on, lost }: Shared): string {
  if (story === 'duplicate') return 'the profiles are one person twice'
  if (story === 'alternating') return 'a shared device, on which people take turns'
  if (story === null) return people === 2 ? 'an account switch left it behind' : 'a shared device'
  const which = people === 2 ? 'an account switch' : `${people - 1} account switches, the last`
  const logout = lost ? ', whose logout never arrived' : ''
  return `${which} on ${switched_at?.slice(0, 10)}${people === 2 ? '' : ','} left it on ${left_on}${logout}`
}

export default defineRule({
  meta: {
    id: 'devices/shared-token',
    title: 'Every device token sits on one profile',
    failureTitle: 'Some device tokens sit on several profiles',
    severity: 'error',
    checklist: ['devices-on-messaged-profile'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'found',
    threshold: { maxRate: 0.005 },
    measuredBy: 'rule',
    subject: 'device',
    unit: 'tokens',
    evidence: (kinds) =>
      kinds.has('app-api')
        ? 'the devices that Customer.io holds now'
        : "the SDK's device calls in Pipelines files",
    docs: {
      why: 'Customer.io does not move a token when somebody else logs in on the phone. If the logout call is lost, the old profile keeps the token, and the next person reads a cart push that was meant for the one before.',
      decides:
        'A token that is held by two or more profiles is a finding. Profiles of one cluster are one person twice; where the history of the token shows it, an account switch is told with its day, a logout that never arrived (nothing took the token off the profile before, which was not seen with it again), or people who take turns on one device. Without a history two people are taken for an account switch, three or more for a shared device.',
      blind:
        'The App API shows who holds a token now; since when only the device changes of the last 30 days tell, where they could be read. Pipelines files show the calls that registered and deleted it, so a change on the server alone is not seen there. The profile that used it last is taken for its owner. Malformed tokens and placeholders are left to `devices/malformed-token`.',
    },
  },
  options: z.object({}),
  population: () => sql`select count(distinct token) as count from device where well_formed`,
  row: z.object({
    token: z.string(),
    profiles: z.coerce.number(),
    people: z.coerce.number(),
    newest: z.string(),
    last_used: z.string().nullable(),
    story: z.enum(['duplicate', 'alternating', 'switch']).nullable(),
    switched_at: z.string().nullable(),
    left_on: z.string().nullable(),
    lost: z.boolean(),
  }),
  query: () =>
    sql`select token, profiles, people, newest, last_used, story, switched_at, left_on, lost from shared_token`,
  finding: ({ token, profiles, newest, last_used, ...shared }) => ({
    subject: { key: token, label: token },
    message: `${profiles} profiles hold one device token: ${storyOf(shared)}; ${last_used === null ? 'who used it last is not known' : `${newest} used it last`}`,
    affected: 1,
    unit: 'tokens',
    lastSeen: last_used,
  }),
  evidenceRow: z.object({
    token: z.string(),
    platform: z.string().nullable(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    last_used: z.string().nullable(),
    other_cio_ids: z.string(),
    story: z.string().nullable(),
    switched_at: z.string().nullable(),
    left_on: z.string().nullable(),
  }),
  evidence: () => sql`
    select s.token as subject, s.token, d.platform, s.newest as cio_id, p.id, p.email, s.last_used, s.story, s.switched_at, s.left_on,
      array_to_string(list_filter(string_split(s.holders, ' '), lambda other: other <> s.newest), ' ') as other_cio_ids
    from shared_token s join device d on d.token = s.token and d.cio_id = s.newest join profile p on p.cio_id = s.newest`,
  remediation: () =>
    'Call clearIdentify at logout before the next identify, keep the SDK up to date, and delete the device from every profile but the one that used it last.',
  examples: [
    {
      title: 'Two accounts on one phone',
      workspace: {
        profiles: [
          { cio_id: 'a1', id: 'u-1', email: 'ana@shop.test', devices: [{ token: 'a'.repeat(64) }] },
          { cio_id: 'a2', id: 'u-2', email: 'bo@shop.test', devices: [{ token: 'a'.repeat(64) }] },
        ],
      },
      findings: ['a'.repeat(64)],
    },
    {
      title: 'One person with two phones',
      workspace: {
        profiles: [
          {
            cio_id: 'a1',
            id: 'u-1',
            email: 'ana@shop.test',
            devices: [{ token: 'a'.repeat(64) }, { token: 'b'.repeat(64) }],
          },
        ],
      },
      findings: [],
    },
  ],
})
