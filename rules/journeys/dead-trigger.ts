import { z } from 'zod'
import { defineRule, sql } from '../../src/audit/rule.ts'

const choices = z.object({
  silence: z.number().min(1).default(3).describe('How many times its usual gap a trigger may be silent.'),
  minGap: z.number().int().min(1).default(3).describe('Days that a usual gap has at least.'),
})

/** The usual gap of an even rhythm is longer than the mean by this factor at most, or short; so many days show it. */
const even = 1.25
const enoughDays = 8
/**
 * Where events come as they please, all their days fall before the silence by chance once in e to the power of this. The half
 * of it would do if seasons did not halve what comes.
 */
const odds = 18

const dead = ({ silence, minGap }: z.output<typeof choices>) => sql`
  select j.id, j.name, j.named, r.event_name as event, r.days, r.last_day, r.silent, r.usual_gap as gap
  from trigger_rhythm r join journey j on j.id = r.journey
  where r.days = 0 or r.silent > greatest(r.usual_gap, ${minGap}::bigint) * ${silence}::double
    and (r.days >= ${enoughDays} and r.usual_gap <= greatest(r.mean_gap * ${even}::double, ${minGap}::bigint)
      -- equivalent mutants [>= for >]: no whole number is a multiple of the logarithm of a fraction
      or r.days * ln((r.span + r.silent) / r.span) >= ${odds})`

export default defineRule({
  meta: {
    id: 'journeys/dead-trigger',
    title: 'The trigger events of running journeys still come',
    failureTitle: 'Some running journeys wait for an event that no longer comes',
    severity: 'error',
    checklist: ['event-taxonomy'],
    needs: ['campaigns', 'journey-metrics', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'never',
    threshold: { maxCount: 0 },
    measuredBy: 'rule',
    subject: 'journey',
    unit: 'running journeys',
    docs: {
      why: 'An app release renames `cart_updated`. The cart journey stays green, starts nobody from that day on, and the loss shows in the revenue of the next quarter.',
      decides:
        'For each journey that an event starts: the days on which it started people (journey metrics, 90 days back) or on which the event came. Its usual gap is the 99th percentile of the days between them, and at least `minGap`. Silent for more than `silence` times as long is dead, if the rhythm was even (8 days at least, and no usual gap above 1.25 times the mean one, or above `minGap`) or if chance would not put all of its days before the silence, even in a season with half as many: what comes now and then may stay away for weeks. An event that was never seen is an error for a journey that was named with --journey; for the others it is told as a warning that fails nothing, because forgotten journeys are common.',
      blind:
        'An event that came on fewer than eight days is hardly ever named: it has shown no rhythm. A season (a Christmas event) longer than nine days of silence away from its habit looks dead. Journeys that a segment or a date starts are not looked at, and events inside a journey (waits, branches) cannot be read.',
    },
  },
  options: choices,
  population: () => sql`select count(*) as count from trigger_rhythm`,
  row: z.object({
    id: z.coerce.string(),
    name: z.string(),
    named: z.boolean(),
    event: z.string(),
    days: z.coerce.number(),
    last_day: z.string().nullable(),
    silent: z.coerce.number().nullable(),
    gap: z.coerce.number().nullable(),
  }),
  query: ({ options }) => dead(options),
  finding: ({ id, name, named, event, last_day, silent, gap }) => ({
    subject: { key: id, label: name },
    message:
      last_day === null
        ? `${name} waits for ${event}, which was never seen`
        : `${name} waits for ${event}, which came last ${silent} days ago${gap === null ? '' : `; it used to come at least every ${gap === 1 ? 'day' : `${gap} days`}`}`,
    affected: 1,
    unit: 'journeys',
    lastSeen: last_day === null ? null : `${last_day.slice(0, 10)}T00:00:00Z`,
    ...(last_day === null && !named ? { informative: 'warn' as const } : {}),
  }),
  evidenceRow: z.object({
    journey: z.string(),
    event: z.string(),
    active_days: z.coerce.number(),
    last_day: z.string().nullable(),
    silent_days: z.coerce.number().nullable(),
  }),
  evidence: ({ options }) => sql`
    select id::varchar as subject, name as journey, event, days as active_days, left(last_day::varchar, 10) as last_day, silent as silent_days
    from (${dead(options)})`,
  remediation: () =>
    'Look for the new name of the event (`events/name-variant`, the last app release), send both names until the journey has moved, or stop the journey.',
  examples: [
    {
      title: 'Started somebody every day until eleven days ago',
      workspace: {
        journeys: [{ id: 5, event: 'cart_updated', started: [...Array(20).fill(4), ...Array(11).fill(0)] }],
      },
      findings: ['5'],
    },
    {
      title: 'Silent for nine days, which is three times three',
      workspace: {
        journeys: [{ id: 5, event: 'cart_updated', started: [...Array(20).fill(4), ...Array(9).fill(0)] }],
      },
      findings: [],
    },
  ],
})
