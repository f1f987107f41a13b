import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const choices = z.object({
  days: z
    .number()
    .int()
    .min(1)
    .max(7)
    .default(3)
    .describe('How many of the last full days are judged together.'),
  drop: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe('How much must be missing, of the lowest of the weeks before (0.5 is half of it).'),
  spike: z.number().gt(1).default(2).describe('How many times the highest of the weeks before it must be.'),
  minEvents: z
    .number()
    .int()
    .min(10)
    .default(30)
    .describe('Events that usually come in those days; rarer ones are left to chance.'),
})

/** Standard deviations of a count that chance alone makes: not once in millions of looks. */
const chance = 5

const rhythm = ({ days, minEvents }: z.output<typeof choices>, asOf: Date) =>
  sql`from week_rhythm(${days}::integer, ${minEvents}::bigint, ${asOf}::timestamp::date)`

const shifts = (options: z.output<typeof choices>, asOf: Date) => sql`
  select * from (
    select *, case
        when level < lowest * ${1 - options.drop}::double and events < usual * ${1 - options.drop / 2}::double then 'drop'
        when level > highest * ${options.spike}::double and events > usual * ${1 + (options.spike - 1) / 2}::double then 'spike' end as kind
    from (${rhythm(options, asOf)}) where abs(events - expected) > ${chance} * sqrt(expected)
  ) where kind is not null`

function othersWords(season: number): string {
  const change = Math.round((season - 1) * 100)
  if (change <= -10) return `the other events came ${-change} % less often than usual`
  if (change >= 10) return `the other events came ${change} % more often than usual`
  return 'the other events came as usual'
}

/** How usual a day of the examples is, backwards from a Sunday. */
const weekdays = [0.6, 1, 1, 1, 1, 1, 1]

/** Eight weeks up to yesterday: each event as often as it says on each day, and in the last three days the first one otherwise. */
function weeksOf(name: string, lately: (day: number) => number) {
  const days = Array.from({ length: 63 }, (_, n) =>
    new Date(Date.UTC(2026, 10, 22 - n)).toISOString().slice(0, 10),
  )
  // Sundays are quiet, and no two weeks are alike.
  const rhythmOf = (back: number): number => weekdays[back % 7]! * (1 + ((back * 7) % 5) / 50)
  const counts = (event: string, perDay: number, own: readonly string[] = days) =>
    own.map((day) => ({ day, name: event, events: Math.round(perDay * rhythmOf(days.indexOf(day))) }))
  return {
    plan: { [name]: { critical: true } },
    events: [{ cio_id: 'a1', name, at: '2026-11-20T10:00:00Z' }],
    dailyCounts: {
      days,
      counts: [
        ...counts('product_viewed', 300),
        ...counts('app_opened', 500),
        ...counts('search', 90),
        ...counts(name, lately(40), days.slice(0, 3)),
        ...counts(name, 40, days.slice(3)),
      ],
    },
  }
}

export default defineRule({
  meta: {
    id: 'events/volume-shift',
    title: 'Critical events come as often as they used to',
    failureTitle: 'Some critical events come much more rarely or more often than they used to',
    severity: 'warn',
    checklist: ['event-taxonomy'],
    needs: ['planned-events', 'activities'],
    input: 'daily-counts',
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'event',
    unit: 'critical or trigger events with a weekly rhythm',
    docs: {
      why: 'A release breaks the checkout event on one platform. The event still comes, so nothing looks dead, but the journey that waits for it reaches half of the people whom it reached last week. Or a loop sends it five times as often, and everybody is messaged twice.',
      decides:
        'The last full days (`days`, UTC) are held against the same days of the eight weeks before, of which six must be known: so a Sunday is compared with Sundays. What all other events do in those days is taken for the season and divided out: the median of their counts over their usual ones. An event fell when, without the season, more than `drop` is missing of its lowest week, and half as much of its usual count as it stands, so that an event that stays level while all others rise did not fall; it rose when it is more than `spike` times its highest week, likewise. And chance must not explain it: the count lies five standard deviations from what was to be expected. Only critical events of the plan and events that start a judged journey are told. Counts of days that lie before the window come from runs that the state folder keeps, or the files hold them.',
      blind:
        'It is skipped until seven weeks are known: by runs that the state folder keeps (a run sees thirty days, so the first to judge comes some three weeks after the first one), or by files with a `--since` that goes back as far. Events that usually come less than `minEvents` times in those days, that stayed away in one of the weeks, or that fewer than three other regular events stand beside have no rhythm to compare with. A shift in which all events take part is taken for a season, except when nearly nothing comes any more. It is told in the week in which it begins: after that it is the new rhythm. A shift that takes weeks is never told.',
    },
  },
  options: choices,
  population: ({ options, asOf }) => sql`select count(*) as count from (${rhythm(options, asOf)})`,
  remark: ({ options, asOf }) => sql`
    select rare || case when rare = 1 then ' critical or trigger event has' else ' critical or trigger events have' end || ' no weekly rhythm yet' as remark
    from (select count(*) as rare from event_name where (critical or trigger)
      and name not in (select name from (${rhythm(options, asOf)}))) where rare > 0`,
  row: z.object({
    name: z.string(),
    kind: z.enum(['drop', 'spike']),
    events: z.coerce.number(),
    low: z.coerce.number(),
    high: z.coerce.number(),
    season: z.coerce.number(),
    weeks: z.coerce.number(),
    first_day: z.coerce.string(),
    last_day: z.coerce.string(),
  }),
  query: ({ options, asOf }) => shifts(options, asOf),
  finding: ({ name, kind, events, low, high, season, weeks, first_day, last_day }) => ({
    subject: { key: name, label: name },
    // A waiver for a campaign's spike must not hide the drop after it.
    identity: `${name} ${kind}`,
    message: `${name} ${kind === 'drop' ? 'fell' : 'rose'} to ${events} from ${first_day.slice(0, 10)} to ${last_day.slice(0, 10)}; in the same days of the ${weeks} weeks before it came ${low} to ${high} times; ${othersWords(season)}`,
    affected: 1,
    unit: 'events',
    firstSeen: `${first_day.slice(0, 10)}T00:00:00Z`,
    lastSeen: `${last_day.slice(0, 10)}T00:00:00Z`,
    events: [name],
    remediation:
      kind === 'drop'
        ? 'Look at what was released on the first of these days, and compare the event by platform and app version (`events/missing-property` and `events/renamed` name suspects). Pause the journeys that start on it until it is whole again.'
        : 'Find out whether people did it (a campaign, a sale) or a sender repeats itself: `events/duplicate-burst` and `events/duplicate-key` show copies. Check that journeys that start on it do not message people twice.',
  }),
  evidenceRow: z.object({
    event: z.string(),
    first_day: z.string(),
    last_day: z.string(),
    events: z.coerce.number(),
    expected: z.coerce.number(),
    lowest_week: z.coerce.number(),
    highest_week: z.coerce.number(),
  }),
  evidence: ({ options, asOf }) => sql`
    select name as subject, name || ' ' || kind as identity, name as event, first_day::varchar as first_day, last_day::varchar as last_day,
      events, round(expected, 1) as expected, low as lowest_week, high as highest_week
    from (${shifts(options, asOf)})`,
  remediation: () =>
    'Look at what was released, sent or switched on in these days, and pause the journeys that start on the event until you know.',
  examples: [
    {
      title: 'A checkout that came a quarter as often in the last three days, while all else came as ever',
      workspace: weeksOf('checkout_started', (usual) => usual / 4),
      findings: ['checkout_started'],
    },
    {
      title: 'A third fewer: no more than a slow week',
      workspace: weeksOf('checkout_started', (usual) => usual / 1.5),
      findings: [],
    },
  ],
})
