import type { Database } from '../engine/database.ts'
import { raw, sql, type Query } from '../engine/sql.ts'

/** Keys under which a refused change names an identifier; the shape is not documented (reference, section 4.4). */
const identifierKeys = [
  'id',
  'cio_id',
  'customer_id',
  'user_id',
  'email',
  'identifier',
  'identifiers',
  'conflict',
  'existing',
]
/** Keys under which it says in words why. */
const reasonKeys = ['reason', 'error', 'errors', 'message', 'detail', 'details', 'description']

/**
 * `refused_identifier`: one row per activity and identifier that somebody wanted and somebody else has.
 *
 * - over the App API: `failed_attribute_change`, `failed_event` and `skipped_update` that name the id, the e-mail or the
 *   `cio_id` of another profile. Of a failed event only the reason is read, because its own properties may well name a
 *   friend. What the profile itself has is no conflict.
 * - from Pipelines files: an anonymous id with which a second user was identified; it belongs to the first (reference,
 *   section 12.1).
 *
 * `cio_id` is who wanted it, `owner` who has it (the smallest `cio_id`, where several have).
 *
 * `refused_profile`: the same for each profile that wanted something; `same_person` where one of the owners is in its
 * cluster; `kind`, `value` and `owner` of the first identifier, by the alphabet.
 */
export async function buildRefusals(db: Database, since: Date, until: Date): Promise<void> {
  await db.run(sql`
    create temp table refusal as
    select rowid as seq, id, cio_id, type, "at", data from snap.activity
    where type in ('failed_attribute_change', 'failed_event', 'skipped_update')
      and "at" between ${since}::timestamp and ${until}::timestamp`)
  await db.run(sql`
    create temp table named_identifier as
    with leaf as (
      select r.seq, r.type, lower(t.key) as own, string_split_regex(lower(t.fullkey), '[."\\[\\]]+') as path, t.atom ->> '$' as text,
        -- "attribute": "email", "value": "…" says the same as "email": "…".
        coalesce(r.data ->> '$.attribute', r.data ->> '$.name', r.data ->> '$.field') as told
      from refusal r, json_tree(r.data) t
    ), reason as (
      -- What a refused event says itself lies deeper, or under other keys.
      select seq, text from leaf
      where list_has_any(case when type = 'failed_event' then path[2:2] else path end, ${reasonKeys}::varchar[])
    ), spoken as (
      -- A word that is an address, or that only an identifier looks like; a bare number would be the bytes of a payload.
      select seq, unnest(regexp_extract_all(text, '[^\\s''"\`<>(),;=]+')) as word from reason
    ), said as (
      select seq, rtrim(word, '.:!?') as value from spoken
      where word like '%@%' or (length(word) >= 8 and regexp_matches(word, '[0-9]') and regexp_matches(word, '[A-Za-z_-]'))
      union all
      -- … unless it stands right behind the word that says what it is.
      select seq, unnest(regexp_extract_all(text, '(?i)\\b(?:id|cio_id|customer_id)[\\s''"\`:=]+([^\\s''"\`<>(),;=.]+)', 1))
      from reason
      union all
      select seq, text from leaf
      where type <> 'failed_event' and (list_has_any(path, ${identifierKeys}::varchar[])
        or (own in ('value', 'to') and lower(told) in ${list(identifierKeys)}))
    )
    select distinct seq, lower(trim(value)) as value from said`)
  await db.run(
    raw(`
    create table refused_identifier as
    with held as (
      select n.seq, n.value, p.cio_id, 'id' as kind from named_identifier n join profile p on p.id_norm = n.value where p.id_known
      union all
      select n.seq, n.value, p.cio_id, 'e-mail' from named_identifier n join profile p on p.email_norm = n.value where p.email_joins
      union all
      select n.seq, n.value, p.cio_id, 'cio_id' from named_identifier n join profile p on p.cio_id = regexp_replace(n.value, '^cio_', '')
    ), taken as (
      select r.seq, h.value, min(h.kind) as kind, min(h.cio_id) as owner
      from refusal r join held h using (seq) group by r.seq, h.value having not bool_or(h.cio_id = r.cio_id)
    )
    select r.cio_id, r.id as activity_id, r.type, r."at" as happened_at, t.kind, t.value, t.owner
    from taken t join refusal r using (seq)`),
  )
  await db.run(raw('drop table named_identifier'))
  await db.run(raw('drop table refusal'))
  const calls = await db.scalar(raw('select count(*) from snap.call'))
  if (Number(calls) > 0) await addClaims(db, since, until)
  await db.run(
    raw(`
    create table refused_profile as
    select r.cio_id, p.id, p.email, coalesce(p.id, p.email_norm, r.cio_id) as identity, count(*) as refusals,
      count(distinct r.value) as wants, arg_min(r.kind, (r.value, r.kind)) as kind, min(r.value) as value,
      arg_min(r.owner, (r.value, r.owner)) as owner,
      string_agg(distinct r.value, ', ' order by r.value) as wanted, string_agg(distinct r.owner, ', ' order by r.owner) as owners,
      string_agg(distinct r.type, ', ' order by r.type) as activities, bool_or(m.cluster = o.cluster) as same_person,
      min(r.happened_at) as first_seen, max(r.happened_at) as last_seen
    from refused_identifier r left join profile p using (cio_id)
    left join member m on m.cio_id = r.cio_id left join member o on o.cio_id = r.owner
    group by r.cio_id, p.id, p.email, p.email_norm`),
  )
}

/** All who were identified with one anonymous id, but for the first. */
async function addClaims(db: Database, since: Date, until: Date): Promise<void> {
  await db.run(sql`
    insert into refused_identifier
    with contested as (
      -- equivalent mutants [where true; and true]: whoever is the only one to claim an anonymous id is the first to do so
      select anonymous_id from snap.call where kind = 'identify' and user_id is not null group by anonymous_id
      -- By hashes: the least and the greatest of the texts themselves were 130 MB beyond the engine's limit.
      -- equivalent mutants [having true]: as above; few of them are contested
      having min(hash(user_id)) <> max(hash(user_id))
    ), claim as (
      select c.anonymous_id, k.key, min(c."at") as "at" from snap.call c join user_key k using (user_id)
      where c.kind = 'identify' and c.anonymous_id in (from contested) group by c.anonymous_id, k.key
    ), placed as (
      select *, first(key) over claims as owner, row_number() over claims as place from claim
      window claims as (partition by anonymous_id order by "at", key)
    )
    select key, null, 'identify', "at", 'anonymous id', anonymous_id, owner from placed
    where place > 1 and "at" between ${since}::timestamp and ${until}::timestamp`)
}

const list = (values: readonly string[]): Query => sql`(select unnest(${values}::varchar[]))`
