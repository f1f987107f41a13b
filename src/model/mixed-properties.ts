import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { setApart } from './happenings.ts'
import { columnLeaf, kindOf, leafColumns, openedColumns, textOf } from './json-record.ts'

/** Of each name so many events are looked at first; a kind with a share of a hundredth is among them fifty times. */
const sampleSize = 5000
/** Fewer than this in the sample cannot be a hundredth of all. */
const candidateShare = 0.002
const leastShare = 0.01
/** Names that are data have no end; a sender with more mixed properties than these has told enough. */
const mostCandidates = 50

/**
 * `mixed_property`: values of properties, of events that no plan names, that are of another JSON type than most values of
 * that property. Only types that at least a hundredth of its values have; a null is no value. `usual`: the type of most,
 * `shares`: how many are of each type, `values`: how many there are.
 *
 * A sample tells which properties may be mixed, and only those are read of every event.
 */
export async function buildMixedProperties(db: Database): Promise<void> {
  await db.run(
    raw(
      'create table mixed_property (id varchar, cio_id varchar, name varchar, path varchar, happened_at timestamp, kind varchar, usual varchar, shares varchar, "values" bigint, value varchar)',
    ),
  )
  const candidates = await findCandidates(db)
  if (candidates.length > 0) await readValues(db, candidates)
  await db.run(raw('drop table mixed_candidate'))
}

interface Candidate {
  readonly name: string
  readonly path: string
}

async function readValues(db: Database, candidates: readonly Candidate[]): Promise<void> {
  const names = [...new Set(candidates.map(({ name }) => name))]
  const paths = [...new Set(candidates.map(({ path }) => path))]
  const leaf = columnLeaf(paths)
  await setApart(
    db,
    'unplanned',
    `select seq from event where type = 'event'
      -- equivalent mutants [and true]: of the others no property is asked; to open them takes long
      and name in (select name from mixed_candidate)`,
  )
  const values = names.map((name) => {
    // equivalent mutants [no filter]: what is not mixed in an event is left out below; to read it takes long
    const own = candidates.filter((candidate) => candidate.name === name)
    return sql`when ${name} then [${join(
      own.map(({ path }) => sql`{'path': ${path}::varchar, 'leaf': ${leaf(path)}}`),
      ', ',
    )}]`
  })
  await db.run(sql`
    insert into mixed_property
    with opened as (
      select seq, id, name, ${openedColumns(raw('data'), paths)} from unplanned
    ), spread as (
      select *, ${leafColumns(paths)} from opened
    ), valued as (
      select seq, id, name, unnest(case name ${join(values, ' ')} end, recursive := true) from spread
    ), typed as (
      select *, ${kindOf(raw('leaf'))} as kind from valued where leaf is not null
    ), counted as (
      select name, path, kind, count(*) as events, sum(count(*)) over (partition by name, path) as "values" from typed group by name, path, kind
    ), shared as (
      select name, path, arg_max(kind, (events, kind)) as usual, any_value("values")::bigint as "values",
        string_agg(events || ' ' || kind, ', ' order by events desc, kind) as shares, list(kind) as kinds
      from counted where events >= ${leastShare} * "values" group by name, path
    )
    select t.id, p.cio_id, t.name, t.path, e.happened_at, t.kind, s.usual, s.shares, s."values", left(${textOf(raw('t.leaf'))}, 200)
    from typed t join shared s on s.name = t.name and s.path = t.path and t.kind <> s.usual and list_contains(s.kinds, t.kind)
    -- equivalent mutants [where true]: the join leaves out the others too, but takes longer over them
    join (from event where name in (select name from mixed_candidate)) e using (seq) left join person p using (person)`)
  await db.run(raw('drop table unplanned'))
}

/** All that a property is asked here is asked of its values again, so one too many only takes time. */
async function findCandidates(db: Database): Promise<readonly Candidate[]> {
  const isPicked: Query = sql`n.type = 'event' and not n.planned and n.intent is distinct from 'noise'`
  await db.run(
    sql`create temp table picked as
    select e.seq from event e join event_name n using (name, type)
    -- equivalent mutants [and true; < for <=]: all events would be opened
    where ${isPicked} and hash(e.seq) % n.events < ${sampleSize}`,
  )
  await setApart(db, 'sampled', 'from picked')
  await db.run(sql`
    create temp table mixed_candidate as
    with valued as (
      select name, unnest(list_zip(json_keys(data), json_extract(data, '$.*'))) as pair from sampled
    ), typed as (
      select name, pair[1] as path, ${kindOf(raw('pair[2]::varchar'))} as kind from valued
      -- equivalent mutants [where true]: one candidate too many
      where pair[2]::varchar <> 'null'
    ), counted as (
      select name, path, kind, count(*) as events, sum(count(*)) over (partition by name, path) as "values" from typed group by name, path, kind
    )
    select name, path from counted
    -- equivalent mutants [where true; >= for >; having true; > for >=]: candidates too many, or one that cannot be a hundredth
    where events >= ${candidateShare} * "values" group by name, path having count(*) > 1
    order by sum(events) desc, name, path limit ${mostCandidates}`)
  await db.run(raw('drop table sampled'))
  await db.run(raw('drop table picked'))
  const rows = await db.rows(raw('select name, path from mixed_candidate order by name, path'))
  return rows.map(({ name, path }) => ({ name: String(name), path: String(path) }))
}
