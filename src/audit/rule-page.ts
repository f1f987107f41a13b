import { z } from 'zod'
import { checklist } from '../core/checklist.ts'
import type { DailyCounts } from '../core/past.ts'
import type { PlanComparison } from '../core/plan-history.ts'
import type { ExampleWorkspace, Input, Need, Rule, RuleExample, SampleUse, Sight } from './rule.ts'

/** The page of one rule, in Markdown: what `rules explain` prints and what stands under docs/rules. */
export function renderRulePage(rule: Rule): string {
  const { meta } = rule
  const sections = [
    `# ${meta.id}`,
    `${meta.failureTitle}.`,
    facts(rule),
    `## Why it matters\n\n${meta.docs.why}`,
    `## How it decides\n\n${meta.docs.decides}`,
    `## What it does not see\n\n${meta.docs.blind}`,
    `## How to mend it\n\n${rule.remediation(rule.options.parse({}))}`,
    options(rule),
    `## Examples\n\n${rule.examples.map(example).join('\n\n')}`,
  ]
  return `${sections.join('\n\n')}\n`
}

const severityWords = {
  error: 'error: it blocks a GO',
  warn: 'warn: it blocks a GO only with --fail-on warn',
  info: 'info: it tells and blocks nothing',
} as const

const needWords: Readonly<Record<Need, string>> = {
  people: 'people',
  attributes: 'attributes and devices of people',
  'planned-events': 'the events that the plan or a journey names',
  activities: 'all activities',
  messages: 'messages and what became of them',
  campaigns: 'journeys',
  'journey-steps': 'the messages of journeys',
  'journey-metrics': 'how often journeys started',
  segments: 'segments',
}

const inputWords: Readonly<Record<Input, string>> = {
  orders: "the shop's own orders (`--orders`)",
  'earlier-plan': 'the plan of the run before, from the state folder',
  'daily-counts': 'events per day of six weeks and more, from the state folder or the files',
}

const shareWords = 'the rate with its 95 % interval; inconclusive where that holds the limit'
const sampleWords: Readonly<Record<SampleUse, string>> = {
  'per-profile': shareWords,
  'per-device': shareWords,
  'per-event': shareWords,
  'per-push': shareWords,
  found: 'fails by what is found; else inconclusive, because who is not drawn matters too',
  absence: 'passes by what is seen; else inconclusive, because the others may have it',
  whole: 'as without: it asks nothing of people',
  never: 'inconclusive: a sample does not show it',
}

const sourceWords = {
  'app-api': 'App API',
  'people-export': 'people export',
  'warehouse-sync': 'warehouse sync',
  pipelines: 'Pipelines files',
} as const

const sightWords: Readonly<Record<Sight, string>> = { full: '', partial: ' (in part)', none: '' }

function facts({ meta }: Rule): string {
  const sources = Object.entries(meta.sources).filter(([, sight]) => sight !== 'none')
  return table(
    ['', ''],
    [
      ['Healthy', meta.title],
      ['Severity', severityWords[meta.severity]],
      ['Fails', threshold(meta)],
      ['With `--sample`', sampleWords[meta.sample ?? 'never']],
      [
        'Launch questions',
        meta.checklist.map((item) => checklist[item]).join('; ') || 'none, it only informs',
      ],
      [
        'Reads',
        [
          ...(meta.input === undefined ? [] : [inputWords[meta.input]]),
          ...meta.needs.map((need) => needWords[need]),
        ].join(', '),
      ],
      [
        'Shown by',
        meta.input === 'earlier-plan'
          ? 'the history of runs, whatever the source'
          : sources
              .map(([kind, sight]) => `${sourceWords[kind as keyof typeof sourceWords]}${sightWords[sight]}`)
              .join(', '),
      ],
    ],
  )
}

function threshold({ threshold: { maxRate, maxCount }, measuredBy, unit }: Rule['meta']): string {
  const of = measuredBy === 'finding' ? 'of what a finding is about' : `of ${unit}`
  const limits = [
    ...(maxRate === undefined ? [] : [`more than ${percent(maxRate)} ${of}`]),
    ...(maxCount === undefined ? [] : [`more than ${maxCount} affected`]),
  ]
  return limits.length === 0 ? 'never' : limits.join(', or ')
}

/** 0.005 as `0.5 %`, without the digits that binary fractions leave behind. */
function percent(rate: number): string {
  return `${Number((rate * 100).toFixed(6))} %`
}

function options({ meta, options: schema }: Rule): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const rows = Object.entries(properties).map(([name, property]) => {
    const { description = '', default: fallback } = property as { description?: string; default?: unknown }
    return [code(name), fallback === undefined ? '' : code(JSON.stringify(fallback)), description]
  })
  const own = rows.length === 0 ? 'None of its own.' : table(['Option', 'Default', 'Meaning'], rows)
  const limits = Object.entries(meta.threshold).map(([name, limit]) => `, ${name}: ${limit}`)
  return [
    '## Options',
    own,
    'In `cio-audit.yaml`, with the limits that every rule has:',
    `\`\`\`yaml\nrules:\n  ${meta.id}: { severity: ${meta.severity}${limits.join('')} }   # or: off\n\`\`\``,
  ].join('\n\n')
}

function example({ title, workspace, findings }: RuleExample): string {
  const outcome = findings.length === 0 ? 'Nothing is found.' : `Found: ${findings.map(code).join(', ')}.`
  return [`### ${title}`, ...tables(workspace), outcome].join('\n\n')
}

function tables({
  profiles = [],
  events = [],
  activities = [],
  calls = [],
  orders = [],
  plan,
  dailyCounts,
  planComparison,
}: ExampleWorkspace): string[] {
  const people = profiles.map(({ cio_id, id, email, unsubscribed, createdAt, attributes, devices }) => ({
    cio_id,
    id,
    email,
    ...(createdAt === undefined ? {} : { created_at: createdAt }),
    ...(unsubscribed ? { unsubscribed: 'true' } : {}),
    ...attributes,
    ...(devices === undefined ? {} : { devices: devices.map(deviceText).join(', ') }),
  }))
  const happened = events.map(({ cio_id, name, at, data }) => ({
    cio_id,
    event: name,
    at,
    ...(data === undefined ? {} : { properties: JSON.stringify(data) }),
  }))
  const noted = activities.map(({ cio_id, type, at, data, delivery }) => ({
    cio_id,
    activity: type,
    at,
    ...(delivery === undefined ? {} : { delivery: delivery.id, to: delivery.type }),
    ...(data === undefined ? {} : { data: JSON.stringify(data) }),
  }))
  const called = calls.map(({ kind, at, user_id, anonymous_id, name, token, data }) => ({
    call: kind,
    ...(name === undefined ? {} : { name }),
    at,
    user_id,
    anonymous_id,
    ...(token === undefined ? {} : { token: shortToken(token) }),
    ...(data === undefined ? {} : { data: JSON.stringify(data) }),
  }))
  return [
    ...(planComparison === undefined ? [] : comparisonTable(planComparison)),
    ...(dailyCounts === undefined ? [] : countsTable(dailyCounts)),
    ...(plan === undefined ? [] : [`Plan: ${code(JSON.stringify(plan))}`]),
    ...(people.length === 0 ? [] : [recordTable(people)]),
    ...(happened.length === 0 ? [] : [recordTable(happened)]),
    ...(noted.length === 0 ? [] : [recordTable(noted)]),
    ...(orders.length === 0 ? [] : ['Orders:', recordTable(orders)]),
    ...(called.length === 0 ? [] : ['Pipelines files:', recordTable(called)]),
  ]
}

function comparisonTable({ version, earlierVersion, changes }: PlanComparison): string[] {
  return [
    `Plan, from version ${code(earlierVersion)} to ${code(version)}:`,
    recordTable(
      changes.map(({ path, text, breaking }) => ({ path, change: text, breaking: String(breaking) })),
    ),
  ]
}

/** Day for day would be hundreds of rows. */
function countsTable({ days, counts }: DailyCounts): string[] {
  const sorted = days.toSorted()
  const names = [...new Set(counts.map(({ name }) => name))]
  return [
    `Events of each day from ${sorted[0] ?? ''} to ${sorted.at(-1) ?? ''}:`,
    recordTable(
      names.map((name) => {
        const own = new Map(counts.filter((count) => count.name === name).map((c) => [c.day, c.events]))
        return { event: name, 'on each day': sorted.map((day) => own.get(day) ?? 0).join(' ') }
      }),
    ),
  ]
}

const shortToken = (token: string): string => (token.length > 24 ? `${token.slice(0, 24)}…` : token)

type Device = NonNullable<NonNullable<ExampleWorkspace['profiles']>[number]['devices']>[number]

function deviceText({ token, platform, lastUsed, attributes }: Device): string {
  const details = [platform, lastUsed, attributes && JSON.stringify(attributes)].filter(
    (part) => part !== undefined,
  )
  const name = shortToken(token)
  return details.length === 0 ? name : `${name} (${details.join(', ')})`
}

function recordTable(
  records: readonly Readonly<Record<string, string | number | null | undefined>>[],
): string {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))]
  return table(
    columns,
    records.map((record) => columns.map((column) => code(String(record[column] ?? '')))),
  )
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A cell ends at a bar and at a line break, in code too. */
function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
}

/** Code keeps stars, spaces and angle brackets as they are; nothing stays nothing. */
function code(text: string): string {
  if (text === '') return ''
  const fence = text.includes('`') ? '``' : '`'
  const padding = fence === '``' || /^\s|\s$/.test(text) ? ' ' : ''
  return `${fence}${padding}${text}${padding}${fence}`
}
