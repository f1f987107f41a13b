import type { Plan } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { buildAttributeBreaches } from './attribute-breaches.ts'
import { filled, inBatches, mostNames } from './attribute-values.ts'
import { reservedAttributes } from './vocabulary.ts'

/**
 * What the people's attributes are called and what their values look like, whatever the plan says of them.
 *
 * - `attribute_name`: every name with the number of `profiles` that have it (an export has each of its columns on every
 *   profile, so most of them can be empty), its spelling without case
 *   and separators (`folded`) and how many names share that (`spellings`).
 * - `attribute_kind`: how many values of a name are filled, by kind: `number`, `boolean`, `date`, `json`, `text`. Only names
 *   that the plan does not know, or that differ from another one in spelling alone.
 * - `attribute_oddity`: the values of those names that are not of the commonest kind.
 * - `rare_spelling`: names that are not the commonest spelling of their `folded` (one of the plan before all others);
 *   `attribute_spelling`: who has them.
 * - `attribute_breach`: what passes a limit of Customer.io.
 */
export async function buildAttributeNames(db: Database, plan: Plan): Promise<void> {
  await buildNames(db, plan)
  await buildKinds(db)
  await buildSpellings(db)
  await buildAttributeBreaches(db)
}

/** The sets of names are few where the people are many, so they are counted first and opened then. */
async function buildNames(db: Database, plan: Plan): Promise<void> {
  await db.run(sql`
    create table attribute_name as
    with key_set as (
      select json_keys(attributes) as keys, count(*) as profiles from record group by 1
    ), named as (
      select unnest(keys) as name, profiles from key_set
    ), counted as (
      select name, sum(profiles)::bigint as profiles, lower(regexp_replace(name, '[\\s_.-]+', '', 'g')) as folded,
        list_contains(${Object.keys(plan.attributes)}::varchar[], name) as planned,
        list_contains(${reservedAttributes}::varchar[], name) or starts_with(name, '_') as reserved
      from named where name <> '' group by name
    )
    select *, count(case when not reserved then 1 end) over (partition by folded) as spellings from counted`)
}

async function buildKinds(db: Database): Promise<void> {
  await db.run(raw('create table attribute_kind (name varchar, kind varchar, profiles bigint)'))
  await db.run(
    raw('create table attribute_oddity (cio_id varchar, name varchar, kind varchar, value varchar)'),
  )
  await inBatches(
    db,
    raw(`select name from attribute_name where not reserved and (not planned or spellings > 1)
      order by profiles desc, name limit ${mostNames}`),
    (names) => sql`
      insert into attribute_kind select name, ${kind} as kind, count(*) from (${filled(names)}) group by all`,
  )
  // Free text that happens to be digits is no kind of its own, and neither are the codes of a list that have no leading zero.
  await db.run(
    raw(`
    create temp table wordy as
    select name from attribute_kind group by name
    having bool_or(kind in ('text', 'code')) and 2 * sum(profiles) filter (kind = 'number') < sum(profiles)
      or 100 * sum(profiles) filter (kind = 'code') >= sum(profiles)`),
  )
  await db.run(
    raw(
      `update attribute_kind set kind = 'text' where kind = 'code' or kind = 'number' and name in (from wordy)`,
    ),
  )
  await db.run(
    raw(`
    create temp table commonest_kind as
    with summed as (select name, kind, sum(profiles) as profiles from attribute_kind group by all)
    select name, arg_max(kind, (profiles, kind)) as commonest from summed group by name
    -- equivalent mutants [having true; > for >=]: of one kind nothing is odd, but all its values would be read again
    having count(*) > 1`),
  )
  await inBatches(
    db,
    raw('select name from commonest_kind order by name'),
    (names) => sql`
      insert into attribute_oddity
      with judged as (
        select cio_id, name, value, ${kind} as seen,
          case when seen = 'code' or seen = 'number' and name in (from wordy) then 'text' else seen end as kind
        from (${filled(names)})
      )
      select cio_id, name, kind, left(value, 200) from judged join commonest_kind using (name) where kind <> commonest`,
  )
  await db.run(raw('drop table commonest_kind'))
  await db.run(raw('drop table wordy'))
}

async function buildSpellings(db: Database): Promise<void> {
  await db.run(
    raw(`
    create table rare_spelling as
    with used as (
      select n.name, n.folded, n.planned, sum(k.profiles)::bigint as profiles
      from attribute_name n join attribute_kind k using (name) group by all
    )
    select name, folded, profiles, first(name) over common as commonest, first(profiles) over common as most
    from used window common as (partition by folded order by planned desc, profiles desc, name)
    qualify row_number() over common > 1`),
  )
  await db.run(raw('create table attribute_spelling (cio_id varchar, name varchar, folded varchar)'))
  await inBatches(
    db,
    raw('select name from rare_spelling order by name'),
    (names) => sql`
      insert into attribute_spelling
      select cio_id, name, folded from (${filled(names)}) join rare_spelling using (name)`,
  )
}

/** By what the text means: over the API all values are text. A number with a leading zero is a code. */
const kind = raw(`case
  when regexp_full_match(value, '0[0-9]+') then 'code'
  when regexp_full_match(value, '[+-]?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]{1,3})?') then 'number'
  when regexp_full_match(value, '(?i:true|false)') then 'boolean'
  when regexp_full_match(value, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?') then 'date'
  when regexp_full_match(value, '(?s)[{\\[].*[}\\]]') and json_valid(value) then 'json'
  else 'text' end`)
