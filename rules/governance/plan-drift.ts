import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const unannounced = sql`
  select c.*, p.version, p.earlier_version from plan_change c, plan_comparison p where c.breaking and not p.announced`

const revenue = {
  subject: 'events.purchase',
  kind: 'event' as const,
  name: 'purchase',
  path: 'events.purchase.properties.revenue.type',
  breaking: true,
  text: 'from number to string',
}

export default defineRule({
  meta: {
    id: 'governance/plan-drift',
    title: 'The plan breaks nothing without a new major version',
    failureTitle: 'The plan changed in a breaking way without a new major version',
    severity: 'warn',
    checklist: ['event-taxonomy'],
    needs: [],
    input: 'earlier-plan',
    // The history of runs shows it, and that is there whatever was read.
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'full' },
    sample: 'whole',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'entries of the plan',
    docs: {
      why: 'Somebody makes `revenue` a text, because the app sends one now, and the audit is green again. The winback journey that compares it with 100 finds nobody from that day on. A plan is a contract only as long as those who build on it hear of it when it breaks.',
      decides:
        'The plan is compared with that of the run before, as `cio-audit plan diff` does it. Breaking is what makes a defect of something that was fine, or lets something that reads by the old plan (a trigger, a segment, a message) find nothing. Another major version announces it; below 1.0 the second number does. One finding for each event or attribute. The run before is the newest one in the state folder that is not younger than this one by its "now", and of several of one "now" the one that was made last; a run of the same inputs is the same run.',
      blind:
        'It is skipped without an earlier run, as on a CI machine that keeps no state folder, where this run or the one before went by the built-in plan, and where the run before went by a plan file of another name. Once the run after a change was made the change is history: the next run, with other data, compares with the new plan and passes. Changes that break nothing are not listed.',
    },
  },
  options: z.object({}),
  population: () => sql`select coalesce(sum(entries), 0) as count from plan_comparison`,
  remark: () => sql`
    select 'compared with version ' || earlier_version || ' of the run before'
      || case when announced and breaks > 0 then ': a new major version, with ' || breaks || case when breaks = 1 then ' breaking change' else ' breaking changes' end else '' end as remark
    from plan_comparison, (select count(*) as breaks from plan_change where breaking)`,
  row: z.object({
    subject: z.string(),
    kind: z.enum(['attribute', 'event']),
    name: z.string(),
    changes: z.coerce.number(),
    what: z.array(z.string()),
    version: z.string(),
    earlier_version: z.string(),
  }),
  query: () => sql`
    select subject, kind, name, count(*) as changes, list(path || ' ' || change order by path, change) as what, version, earlier_version
    from (${unannounced}) group by subject, kind, name, version, earlier_version`,
  finding: ({ subject, kind, name, changes, what, version, earlier_version }) => ({
    subject: { key: subject, label: name },
    message: `${name} changed in ${changes} breaking ${changes === 1 ? 'way' : 'ways'} between version ${earlier_version} and ${version}: ${what.slice(0, 3).join('; ')}${changes > 3 ? ' …' : ''}`,
    affected: changes,
    unit: 'changes',
    ...(kind === 'event' ? { events: [name] } : { attributes: [name] }),
  }),
  evidenceRow: z.object({
    path: z.string(),
    change: z.string(),
    earlier_version: z.string(),
    version: z.string(),
  }),
  evidence: () => sql`select subject, path, change, earlier_version, version from (${unannounced})`,
  remediation: () =>
    'Give the plan a new major version and tell those who build journeys on it, or take the change back. `cio-audit plan diff` names the running journeys that each change meets.',
  examples: [
    {
      title: 'The type of a property, and only a smaller number of the version',
      workspace: {
        planComparison: {
          version: '1.3.0',
          earlierVersion: '1.2.0',
          announced: false,
          entries: 12,
          changes: [revenue],
        },
      },
      findings: ['events.purchase'],
    },
    {
      title: 'The same under a new major version',
      workspace: {
        planComparison: {
          version: '2.0.0',
          earlierVersion: '1.2.0',
          announced: true,
          entries: 12,
          changes: [revenue],
        },
      },
      findings: [],
    },
  ],
})
