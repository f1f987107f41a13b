import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const created = '2026-11-10T10:00:00Z'

export default defineRule({
  meta: {
    id: 'identity/identify-without-attributes',
    title: 'New profiles get their required attributes within an hour',
    failureTitle: 'Some new profiles go without required attributes',
    severity: 'warn',
    checklist: ['identify-at-login'],
    needs: ['people', 'attributes'],
    sources: { 'app-api': 'partial', 'people-export': 'none', 'warehouse-sync': 'full', pipelines: 'full' },
    sample: 'per-profile',
    threshold: { maxRate: 0.05 },
    measuredBy: 'finding',
    subject: 'attribute',
    unit: 'new profiles that are asked for an attribute',
    docs: {
      why: 'The welcome series starts a few minutes after signup and speaks the language of the country. When identify carries the id alone and the attributes come the next night, every new customer gets the wrong language, or falls out of the segment and gets nothing.',
      decides:
        'Profiles that were created in the window, at least an hour before its end, and attributes that the plan requires of everybody (`appliesTo: known` or `all`). The attribute must be filled within an hour of the creation. Warehouse files and Pipelines files tell each time it was set.',
      blind:
        'The App API tells only when an attribute was set last, so there an attribute that is filled by now counts as filled in time. Attributes of app users or customers are left out, because people become those later. With a plan that requires nothing of everybody the rule is skipped.',
    },
  },
  options: z.object({}),
  population: () => sql`select coalesce(max(profiles), 0) as count from slow_attribute_base`,
  parts: () => sql`select attribute as label, profiles as population, null as event from slow_attribute_base`,
  row: z.object({
    attribute: z.string(),
    profiles: z.coerce.number(),
    never: z.coerce.number(),
    asked: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: () => sql`
    select s.attribute, count(*) as profiles, count(*) filter (s.filled_at is null) as never, b.profiles as asked,
      min(s.created_at) as first_seen, max(s.created_at) as last_seen
    from slow_attribute s join slow_attribute_base b using (attribute) group by s.attribute, b.profiles`,
  finding: ({ attribute, profiles, never, asked, first_seen, last_seen }) => ({
    subject: { key: attribute, label: attribute },
    message: `${profiles} of ${asked} new profiles were without ${attribute} an hour after their creation: ${never} have none at all, on ${profiles - never} it came later`,
    affected: profiles,
    unit: 'profiles',
    population: asked,
    firstSeen: first_seen,
    lastSeen: last_seen,
    attributes: [attribute],
  }),
  evidenceRow: z.object({
    attribute: z.string(),
    cio_id: z.string(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    created_at: z.string(),
    filled_at: z.string().nullable(),
  }),
  evidence: () => sql`
    select s.attribute as subject, s.attribute, s.cio_id, p.id, p.email, s.created_at, s.filled_at
    from slow_attribute s join profile p using (cio_id)`,
  remediation: () =>
    'Send the required attributes with the first identify, right after signup. If they come from another system, let the welcome series wait until they are there.',
  examples: [
    {
      title: 'The country came a day after the profile',
      workspace: {
        plannedAttributes: { country: { type: 'country', required: true, appliesTo: 'known' } },
        calls: [
          { kind: 'identify', at: created, user_id: 'u-1', data: { email: 'ana@shop.test' } },
          { kind: 'identify', at: '2026-11-11T10:00:00Z', user_id: 'u-1', data: { country: 'DE' } },
        ],
      },
      findings: ['country'],
    },
    {
      title: 'It came a minute after, in a second call',
      workspace: {
        plannedAttributes: { country: { type: 'country', required: true, appliesTo: 'known' } },
        calls: [
          { kind: 'identify', at: created, user_id: 'u-1', data: { email: 'ana@shop.test' } },
          { kind: 'identify', at: '2026-11-10T10:01:00Z', user_id: 'u-1', data: { country: 'DE' } },
        ],
      },
      findings: [],
    },
  ],
})
