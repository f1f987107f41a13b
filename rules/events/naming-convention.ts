import { z } from 'zod'
import { defineRule, sql, type Query } from '../../src/audit/rule.ts'

const lower = String.raw`[\p{Ll}\d]+`
const upper = String.raw`[\p{Lu}\d]+`
const capital = String.raw`\p{Lu}[\p{L}\d]*`

/** The first that fits. One lower word is of every style; so are topics of webhooks, which nobody here can rename. */
const styles: readonly (readonly [style: string, pattern: string])[] = [
  ['any', lower],
  ['any', String.raw`[\p{Ll}\d_-]+(?:/[\p{Ll}\d_-]+)+`],
  ['snake_case', `${lower}(?:_${lower})+`],
  ['kebab-case', `${lower}(?:-${lower})+`],
  ['dot.case', String.raw`${lower}(?:\.${lower})+`],
  ['lower case', `${lower}(?: ${lower})+`],
  ['camelCase', String.raw`[\p{Ll}\d]+\p{Lu}[\p{L}\d]*`],
  ['UPPER CASE', `${upper}(?:[ _.-]${upper})+`],
  ['UPPER CASE', String.raw`\p{Lu}{2,}`],
  ['Capitalised', String.raw`\p{Lu}[\p{Ll}\d]*`],
  ['PascalCase', capital],
  ['Title Case', String.raw`${capital}(?: (?:${capital}|\d+|to|from|a|an|in|of|the|for|with|and|or|on))+`],
  ['Sentence case', `${capital}(?: ${lower})+`],
  ['Title_Snake', String.raw`${capital}(?:_[\p{L}\d]+)+`],
]

/** What SDKs send by themselves: nobody chose these names. */
const ofSdks = String.raw`Application (?:Opened|Installed|Updated|Uninstalled|Backgrounded|Foregrounded|Crashed)|Deep Link Opened|Install Attributed|Push Notification (?:Received|Tapped|Bounced)`

const styleOf = styles.reduceRight<Query>(
  (otherwise, [style, pattern]) =>
    sql`case when regexp_full_match(name, ${pattern}) then ${style}::varchar else ${otherwise} end`,
  sql`'no style'`,
)

/** Names that are not of the commonest style, where there is one. */
const misfits = ({ minNames }: { readonly minNames: number }): Query => sql`
  with styled as (
    select name, events, first_at, last_at, ${styleOf} as style from event_name
    where type = 'event' and not regexp_full_match(name, ${ofSdks})
  ), counted as (
    select style, count(*) as names from styled where style not in ('any', 'Capitalised', 'no style') group by style
  ), dominant as (
    select arg_max(style, names) as main, max(names) as most from counted
    having max(names) >= ${minNames} and count(*) filter (names = (select max(names) from counted)) = 1
  )
  select s.name, s.events, s.first_at, s.last_at, case s.style when 'Capitalised' then 'Title Case' else s.style end as style, d.main, d.most
  from styled s, dominant d
  where s.style not in ('any', d.main)
    -- One capitalised word is of all these styles.
    and not (s.style = 'Capitalised' and d.main in ('Title Case', 'PascalCase', 'Sentence case', 'Title_Snake'))`

export default defineRule({
  meta: {
    id: 'events/naming-convention',
    title: 'All events are named in one style',
    failureTitle: 'Some events are named in another style',
    severity: 'info',
    checklist: [],
    needs: ['planned-events', 'activities'],
    sources: { 'app-api': 'full', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
    sample: 'per-event',
    threshold: {},
    measuredBy: 'rule',
    subject: 'group',
    unit: 'event names',
    docs: {
      why: 'Whoever builds a journey types the name of its event. With `cart_updated`, `Order Completed` and `productViewed` side by side it is a matter of luck, and the next team adds a fourth style, or a second name for the same thing.',
      decides:
        'The style that most names have (snake_case, kebab-case, dot.case, lower case, camelCase, PascalCase, Title Case, Sentence case, UPPER CASE, Title_Snake) is the convention, where at least `minNames` have it and no other style has as many. One finding for each other style, with its names.',
      blind:
        'One lower-case word (`purchase`) is of every style, and one capitalised word of every capitalised one. Topics of webhooks (`orders/create`) and names that SDKs send by themselves (`Application Opened`) are left out. Whether the words are well chosen cannot be seen.',
    },
  },
  options: z.object({
    minNames: z.number().int().min(1).default(3).describe('So many names make a style the convention.'),
  }),
  population: () => sql`select count(*) as count from event_name where type = 'event'`,
  row: z.object({
    style: z.string(),
    names: z.array(z.string()),
    main: z.string(),
    most: z.coerce.number(),
    first_seen: z.string(),
    last_seen: z.string(),
  }),
  query: ({ options }) => sql`
    select style, list(name order by events desc, name) as names, main, most, min(first_at) as first_seen, max(last_at) as last_seen
    from (${misfits(options)}) group by style, main, most`,
  finding: ({ style, names, main, most, first_seen, last_seen }) => ({
    subject: { key: style, label: style },
    message: `${names.length === 1 ? 'One event is' : `${names.length} events are`} named in ${style} (${told(names)}), while ${most} are in ${main}`,
    affected: names.length,
    unit: 'event names',
    firstSeen: first_seen,
    lastSeen: last_seen,
    events: names,
  }),
  evidenceRow: z.object({ event: z.string(), style: z.string(), events: z.coerce.number() }),
  // The names are the records: there are no people behind them.
  evidence: ({ options }) => sql`
    select style as subject, name as event, style, events, null::varchar as cio_id from (${misfits(options)})`,
  remediation: () =>
    'Write the convention into the tracking plan and hold new events to it. Rename old ones with care: journeys and segments use their names (`aliases` of the plan make a change known).',
  examples: [
    {
      title: 'Three names in snake_case, and one of each of two other styles',
      workspace: {
        events: ['cart_updated', 'product_viewed', 'checkout_started', 'Order Completed', 'reviewSent'].map(
          (name) => ({ cio_id: 'a1', name, at: '2026-11-20T10:00:00Z' }),
        ),
      },
      findings: ['Title Case', 'camelCase'],
    },
    {
      title: 'One word is of every style, and nobody chose the names of the SDK',
      workspace: {
        events: ['cart_updated', 'product_viewed', 'checkout_started', 'purchase', 'Application Opened'].map(
          (name) => ({ cio_id: 'a1', name, at: '2026-11-20T10:00:00Z' }),
        ),
      },
      findings: [],
    },
  ],
})

const mostTold = 5
const told = (names: readonly string[]): string =>
  names.length <= mostTold
    ? names.join(', ')
    : `${names.slice(0, mostTold).join(', ')} and ${names.length - mostTold} more`
