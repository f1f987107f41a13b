import { z } from 'zod'
import { defineRule, duration, sql, type Query } from '../../src/audit/rule.ts'

/** Logins and signups without an identify near them, by event and platform. */
const late = (seconds: number): Query => sql`
  select *, name || ' ' || coalesce(platform, 'other') as subject from auth_event where gap is null or gap > ${seconds}`

export default defineRule({
  meta: {
    id: 'identity/late-identify',
    title: 'Whoever logs in is identified at once',
    failureTitle: 'Some logins are not followed by identify',
    severity: 'error',
    checklist: ['identify-at-login'],
    needs: ['people', 'activities'],
    sources: { 'app-api': 'none', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: { maxRate: 0.01 },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'logins and signups',
    docs: {
      why: 'Somebody logs in to see the saved cart, looks at two shoes and closes the app. If identify is called an hour later, or never, those views hang on an anonymous id: the browse push has nobody to go to, and the welcome series waits for a customer who is there already.',
      decides:
        'A login or signup (`identity.authEvents` in the config; case and separators do not matter) for which no identify of that user, or of the same anonymous id, stands within 5 minutes before or after it. One finding for each event and platform, measured over all logins and signups. An event without user id is fine when the identify follows: that is the usual order of the SDK.',
      blind:
        'Only Pipelines files show it: over the App API identifiers are as of now. An identify that your server sends past Pipelines (Track API) is not in these files. Events with other names are not looked at: name yours in the config.',
    },
  },
  options: z.object({ within: duration('5m').describe('how far from the login the identify may be') }),
  population: () => sql`select count(*) as count from auth_event`,
  row: z.object({
    subject: z.string(),
    name: z.string(),
    platform: z.string().nullable(),
    events: z.coerce.number(),
    never: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: ({ options }) => sql`
    select subject, name, platform, count(*) as events, count(*) filter (gap is null) as never,
      min(happened_at) as first_seen, max(happened_at) as last_seen
    from (${late(options.within)}) group by subject, name, platform`,
  finding: ({ subject, name, platform, events, never, first_seen, last_seen }) => ({
    subject: { key: subject, label: `${name} on ${platform ?? 'web or server'}` },
    message: `${events} ${name} events on ${platform ?? 'web or server'} have no identify near them: ${never} of those users were never identified in the files, ${events - never} too early or too late`,
    affected: events,
    unit: 'logins and signups',
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: [name],
  }),
  evidenceRow: z.object({
    cio_id: z.string().nullable(),
    id: z.string().nullable(),
    email: z.string().nullable(),
    event: z.string(),
    activity_id: z.string().nullable(),
    happened_at: z.string(),
    anonymous_id: z.string().nullable(),
    app_version: z.string().nullable(),
    minutes: z.coerce.number().nullable(),
    identify: z.string(),
  }),
  evidence: ({ options }) => sql`
    select l.subject, l.cio_id, p.id, p.email, l.name as event, l.id as activity_id, l.happened_at, l.anonymous_id,
      l.app_version, round(l.gap / 60, 1) as minutes,
      case when l.gap is null then 'never' when l.follows then 'later' else 'earlier' end as identify
    from (${late(options.within)}) l left join profile p on p.cio_id = l.cio_id`,
  remediation: () =>
    'Call identify in the app right after the login or signup has succeeded, before anything else is sent, with your customer id and the attributes that you segment on.',
  examples: [
    {
      title: 'The app identifies at its next start, twenty minutes after the login',
      workspace: {
        calls: [
          { kind: 'event', name: 'login', at: '2026-11-20T10:00:00Z', anonymous_id: 'anon-1' },
          { kind: 'identify', at: '2026-11-20T10:20:00Z', user_id: 'u-1', anonymous_id: 'anon-1' },
        ],
      },
      findings: ['login other'],
    },
    {
      title: 'The usual order of the SDK: the event first, the identify a second later',
      workspace: {
        calls: [
          { kind: 'event', name: 'Log In', at: '2026-11-20T10:00:00Z', anonymous_id: 'anon-1' },
          { kind: 'identify', at: '2026-11-20T10:00:01Z', user_id: 'u-1', anonymous_id: 'anon-1' },
        ],
      },
      findings: [],
    },
  ],
})
