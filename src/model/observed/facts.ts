import type { PropertyType } from '../../core/plan.ts'
import type { Database, Row } from '../../engine/database.ts'
import { join, raw, sql, type Query } from '../../engine/sql.ts'
import { isFilled, kindOf, trimmedText } from '../json-record.ts'
import { misreadsAsText } from '../values.ts'

/** Types that the text of a value tells; the others follow from its JSON type. */
const readable = [
  'boolean',
  'integer',
  'number',
  'timestamp',
  'date',
  'email',
  'phone',
  'url',
  'country',
  'locale',
  'currency',
  'array',
  'object',
] as const satisfies readonly PropertyType[]
export type Readable = (typeof readable)[number]

/** What the values of one path look like, counted. */
export interface ValueFacts {
  readonly path: number
  readonly event: number
  readonly parent: number
  readonly key: string
  /** Objects that could have held it. */
  readonly of: number
  readonly filled: number
  readonly emptyLists: number
  /** Over people alone: who could have it, and who has it. */
  readonly audiences: Readonly<Record<'known' | 'app-users' | 'customers', { of: number; filled: number }>>
  readonly kinds: Readonly<Record<'text' | 'number' | 'boolean' | 'array' | 'object', number>>
  readonly reads: Readonly<Record<Readable, number>>
  readonly low: number | null
  readonly high: number | null
  readonly distinct: number
  /** The commonest values, at most a dozen. */
  readonly top: readonly { readonly value: string; readonly times: number }[]
  /** What stands before the digits of every value, where that is the same; else null. */
  readonly prefix: string | null
}

const mostValues = 12
const longestValue = 60

/**
 * One row for each path that has a filled value. Equal values are counted first and judged then; of lists and objects
 * nothing is read but whether they are empty.
 */
export async function readFacts(db: Database): Promise<ValueFacts[]> {
  await db.run(sql`
    create temp table told as
    with spelt as (
      select path, known, app_user, customer, ${kindOf(raw('leaf'))} as kind,
        -- equivalent mutants [when true; < for <=]: no JSON text is '#', and of a list all would be kept
        case when leaf < '#' or kind in ('number', 'boolean') then ${trimmedText(raw('leaf'))} else left(leaf, 2) end as text
      from leaf where ${isFilled(raw('leaf'))}
    )
    select path, kind, text, count(*) as times, count(*) filter (known) as known, count(*) filter (app_user) as app_user,
      count(*) filter (customer) as customer
    from spelt group by path, kind, text`)
  await db.run(sql`
    create temp table value_count as
    select path, left(text, ${longestValue}) as value, sum(times)::bigint as times from told where kind not in ('array', 'object') group by all`)
  const rows = await db.rows(sql`
    with counted as (
      select path, sum(times)::bigint as filled, ${times(raw("kind = 'array' and text = '[]'"))} as empty_lists,
        sum(known)::bigint as known, sum(app_user)::bigint as app_user, sum(customer)::bigint as customer,
        ${join(
          ['text', 'number', 'boolean', 'array', 'object'].map(
            (kind) => sql`${times(sql`kind = ${kind}`)} as ${raw(`kind_${kind}`)}`,
          ),
          ', ',
        )},
        ${join(readable.map(reads), ', ')},
        min(try_cast(text as double)) filter (kind in ('number', 'text')) as low, max(try_cast(text as double)) filter (kind in ('number', 'text')) as high,
        ${times(sql`regexp_full_match(text, ${coded})`)} as coded,
        min(regexp_extract(text, ${coded}, 1)) as first_prefix, max(regexp_extract(text, ${coded}, 1)) as last_prefix
      from told group by path
    ), ranked as (
      select *, row_number() over (partition by path order by times desc, value) as place from value_count
    ), valued as (
      select path, count(*) as "distinct", list({'value': value, 'times': times} order by place) filter (place <= ${mostValues}) as top
      from ranked group by path
    )
    select p.path, p.event, p.parent, p.key, o.containers, o.known as of_known, o.app_user as of_app_user, o.customer as of_customer,
      c.* exclude (path), v."distinct", v.top
    from path p join opened_count o on o.event = p.event and o.parent = p.parent
      join counted c using (path) left join valued v using (path)
    order by p.event, p.path`)
  return rows.map(factsOf)
}

/** `ORD-10000042`: letters, then digits. */
const coded = '([A-Za-z]+[-_#]?)[0-9]+'

/** Null where there is none. */
const times = (condition: Query): Query => sql`(sum(times) filter (${condition}))::bigint`

function reads(type: Readable): Query {
  const misreads = misreadsAsText(raw('text'), { type, required: false, recommended: false })
  return sql`${times(sql`not ${misreads}`)} as ${raw(`reads_${type}`)}`
}

function factsOf(row: Row): ValueFacts {
  const count = (name: string): number => Number(row[name] ?? 0)
  const number = (name: string): number | null => (row[name] == null ? null : Number(row[name]))
  const kinds = { text: 0, number: 0, boolean: 0, array: 0, object: 0 }
  for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) kinds[kind] = count(`kind_${kind}`)
  const read = Object.fromEntries(readable.map((type) => [type, count(`reads_${type}`)]))
  const top = (row['top'] ?? []) as readonly { value: string; times: number }[]
  const isCoded = count('coded') === count('filled') && row['first_prefix'] === row['last_prefix']
  return {
    path: count('path'),
    event: count('event'),
    parent: count('parent'),
    key: String(row['key']),
    of: count('containers'),
    filled: count('filled'),
    emptyLists: count('empty_lists'),
    audiences: {
      known: { of: count('of_known'), filled: count('known') },
      'app-users': { of: count('of_app_user'), filled: count('app_user') },
      customers: { of: count('of_customer'), filled: count('customer') },
    },
    kinds,
    reads: read as Record<Readable, number>,
    low: number('low'),
    high: number('high'),
    distinct: count('distinct'),
    top,
    prefix: isCoded ? String(row['first_prefix']) : null,
  }
}
