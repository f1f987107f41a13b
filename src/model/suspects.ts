import type { Database, Row } from '../engine/database.ts'
import { raw, type SqlValue } from '../engine/sql.ts'
import {
  dimensions,
  fewestCases,
  onsetOf,
  suspectOf,
  type Dimension,
  type Hour,
} from './suspect-judgement.ts'

/** What one person's broken phone sends says nothing about a release. */
const fewestPeople = 3

const key = 'name, path, missing'
const parts = dimensions.join(', ')

/**
 * `suspect`: who sends a defect of `property_defect`, in words, where it is not spread evenly. `missing`: the defect is a
 * missing value, else a wrong one.
 *
 * Whether an event is known from the API or from files tells what was exported, not who sent it, so it blames nobody.
 * A version is not blamed for what it says of itself.
 */
export async function buildSuspects(db: Database): Promise<void> {
  await db.run(raw('create table suspect (name varchar, path varchar, missing boolean, told varchar)'))
  await db.run(
    raw(`
    create temp table faulty as
    select distinct name, path, defect = 'missing' as missing, seq, cio_id, happened_at,
      ${dimensions.map((part) => `case when path <> '${part}' then ${part} end as ${part}`).join(', ')}
    from property_defect`),
  )
  await db.run(accused)
  // equivalent mutants [if (true); > for >=]: without accused nothing is told; to count all events for that takes time
  if ((await db.scalar(raw('select count(*) > 0 from accused'))) === true) await accuse(db)
  await db.run(raw('drop table accused'))
  await db.run(raw('drop table faulty'))
}

/** What more than half of the cases have in common; nothing else can send most of them. */
const accused = raw(`
  create temp table accused as
  with enough as (
    -- equivalent mutants [having true]: the judgement asks again, when the events have been counted
    select ${key}, count(*) as cases from faulty group by ${key} having count(*) >= ${fewestCases}
  ), valued as (
    select ${key}, unnest([${dimensions.map((part) => `{'part': '${part}', 'value': ${part}}`).join(', ')}], recursive := true) from faulty
  ), counted as (
    -- equivalent mutants [where true]: of those who say nothing there is no value to name
    select ${key}, part, value, count(*) as sharing from valued where value is not null group by ${key}, part, value
  )
  select ${key}, ${dimensions.map((part) => `max(value) filter (part = '${part}') as ${part}`).join(', ')}
  -- equivalent mutants [> for >=]: the judgement asks again
  from enough join counted using (${key}) where sharing * 2 > cases group by ${key}`)

async function accuse(db: Database): Promise<void> {
  const shares = dimensions.map((part) => `coalesce(e.${part} = a.${part}, false) as ${part}`).join(', ')
  const rows = await db.rows(
    raw(`
    with sent as (
      select name, ${parts}, count(*) as events from event
      -- equivalent mutants [and true]: the join leaves out the others too, after all events have been counted
      where type = 'event' and name in (select name from accused) group by name, ${parts}
    ), population as (
      select a.name, a.path, a.missing, ${shares}, sum(e.events) as events from accused a join sent e using (name) group by all
    ), share as (
      select a.name, a.path, a.missing, ${shares}, count(*) as cases from accused a join faulty e using (${key}) group by all
    )
    select name, path, missing, ${parts}, p.events::bigint as events, s.cases
    from population p left join share s using (${key}, ${parts})`),
  )
  const named = grouped(rows).flatMap((own) => {
    const cells = own.map((row) => ({
      shared: new Set(dimensions.filter((part) => row[part] === true)),
      events: Number(row['events']),
      // Null, where none of them is a case, is zero.
      cases: Number(row['cases']),
    }))
    const found = suspectOf(cells)
    if (found === null) return []
    return [[...subjectOf(own[0]), ...dimensions.map((part) => found.includes(part))]]
  })
  await db.run(
    raw(
      `create temp table named (name varchar, path varchar, missing boolean, ${dimensions.map((part) => `by_${part} boolean`).join(', ')})`,
    ),
  )
  await db.append('named', named)
  await tell(db)
  await db.run(raw('drop table named'))
}

const subjectOf = (row: Row): SqlValue[] => [
  String(row['name']),
  String(row['path']),
  row['missing'] === true,
]

/** No group is empty. */
const grouped = (rows: readonly Row[]): readonly (readonly [Row, ...Row[]])[] =>
  [...Map.groupBy(rows, (row) => JSON.stringify(subjectOf(row))).values()] as [Row, ...Row[]][]

/** The words, with the hour in which it began. */
async function tell(db: Database): Promise<void> {
  const from = (table: string, on: string): string => `
    from named n join accused a using (${key}) join ${table} e on ${on}
    where ${dimensions.map((part) => `(not n.by_${part} or e.${part} = a.${part})`).join(' and ')}`
  const same = 'e.name = a.name and e.path = a.path and e.missing = a.missing'
  const rows = await db.rows(
    raw(`
    with sent as (
      select a.name, a.path, a.missing, date_trunc('hour', e.happened_at) as hour, count(*) as events
      -- equivalent mutants [where true; and true]: screens say nothing of their senders; of others nobody is named
      ${from("(select * from event where type = 'event' and name in (select name from named))", 'e.name = a.name')} group by all
    ), held as (
      select a.name, a.path, a.missing, date_trunc('hour', e.happened_at) as hour, count(*) as cases ${from('faulty', same)} group by all
    ), peopled as (
      select a.name, a.path, a.missing ${from('faulty', same)} group by all having count(distinct e.cio_id) >= ${fewestPeople}
    ), population as (
      select name, count(*) as all_events from event
      -- equivalent mutants [and true]: as above
      where type = 'event' and name in (select name from named) group by name
    ), found as (
      select ${key}, count(*) as all_cases from faulty group by ${key}
    )
    select name, path, missing, ${dimensions.map((part) => `case when n.by_${part} then a.${part} end as ${part}`).join(', ')},
      epoch_ms(s.hour)::double as hour, s.events, h.cases, p.all_events, f.all_cases
    from named n join accused a using (${key}) join peopled using (${key}) join sent s using (${key})
    left join held h using (${key}, hour) join population p using (name) join found f using (${key})`),
  )
  await db.append(
    'suspect',
    grouped(rows).flatMap((own) => {
      const [first] = own
      const hours = own.map((row): Hour => ({
        at: Number(row['hour']),
        events: Number(row['events']),
        cases: Number(row['cases']),
      }))
      const whole = { events: Number(first['all_events']), cases: Number(first['all_cases']) }
      const said = (part: Dimension): string | null => (first[part] === null ? null : String(first[part]))
      return [[...subjectOf(first), inWords(nameOf(said), hours, whole)]]
    }),
  )
}

/** `ios 3.2.0`, `app version 3.2.0`, `android with SDK 4.19.0`. */
function nameOf(said: (part: Dimension) => string | null): string {
  const platform = said('platform')
  const version = said('app_version')
  const sdk = said('sdk_version')
  const app = [platform, version === null || platform !== null ? version : `app version ${version}`]
  const senders = app.filter((part) => part !== null).join(' ')
  return [senders, sdk === null ? '' : `SDK ${sdk}`].filter((part) => part !== '').join(' with ')
}

function inWords(name: string, hours: readonly Hour[], whole: { events: number; cases: number }): string {
  const sum = (of: 'events' | 'cases'): number => hours.reduce((total, hour) => total + hour[of], 0)
  const onset = onsetOf(hours)
  const since = new Date(onset.at).toISOString().slice(0, 16).replace('T', ' ')
  const elsewhere = percent(whole.cases - sum('cases'), whole.events - sum('events'))
  return `${percent(sum('cases'), whole.cases)} of them come from ${name}, since ${since} UTC (${percent(onset.cases, onset.events)} of its events since then; elsewhere ${elsewhere})`
}

/** Rounded down, so that 100 % is all of them. */
const percent = (part: number, total: number): string => `${Math.floor((part * 1000) / total) / 10} %`
