import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql, type Query } from '../engine/sql.ts'
import { trimmed, isAddress } from './addresses.ts'

/** Under this share of the ids no format is clearly the canonical one: two systems of equal size look like that. */
export const dominantShare = 0.8
/** A prefix or a length that fewer ids share is chance and no format. */
const leastIds = 3
/** Codes of random letters with a `-` here and there begin with every prefix of two letters: none of them is frequent. */
const leastShare = 0.001

/**
 * Formats of ids, as `identity/mixed-id-format` and `identity/email-as-id` ask about them (catalogue, section 1). Only ids that
 * mean somebody are looked at, without the space around them and without regard to case.
 *
 * - `canonical_id`: one row. `given`: the settings name it, otherwise the most frequent format is taken. `name`: what it is
 *   called, null where no format is clearly dominant. `share`: of the ids, 0 to 1; `ids`: how many there are.
 * - `id_misfit`: ids that are not of the canonical format, with their own. `told`: there is a canonical format to compare
 *   with. `email`: the id is an e-mail address although that is not the most frequent format; this is known even where
 *   none dominates.
 * - `email_as_id`: those, with the smallest `cio_id` of the other profiles that have the address as their e-mail (`mate`);
 *   who reads the mailbox of a job is not known.
 */
export async function buildIdFormats(db: Database, settings: Settings): Promise<void> {
  const canonical = settings.identity.canonicalId
  await db.run(sql`
    create temp table id_shape as
    with read as (
      select cio_id, ${fits(canonical)} as fits, ${plainFormat} as plain, ${prefix} as prefix, ${stem} as stem, length(id_norm) as length,
        case when regexp_full_match(id_norm, '[0-9a-z_-]{12,}') then length(id_norm) end as code
      from profile where id_known
    ), everyone as (
      select count(*) as ids from read
    ), same_prefix as (
      select prefix, count(*) as held from read group by prefix
    ), same_stem as (
      select stem, length, count(*) as held from read where prefix = stem group by all
    ), same_code as (
      select code, count(*) as held from read group by code
    )
    -- Grouped and joined: as window functions, one of them filtered, it took 165 s of a million ids.
    select r.cio_id, r.fits, case
        when r.plain is not null then r.plain
        when p.held >= greatest(${leastIds}, ${leastShare} * e.ids) then 'prefix ' || r.prefix
        when s.held >= greatest(${leastIds}, ${leastShare} * e.ids) then 'prefix ' || r.stem
        when c.held >= ${leastIds} then 'code of ' || r.code || ' characters'
        else ${otherFormat}
      end as format
    from read r cross join everyone e left join same_prefix p on p.prefix = r.prefix left join same_code c on c.code = r.code
      left join same_stem s on s.stem = r.stem and s.length = r.length`)
  await db.run(
    canonical === 'auto'
      ? sql`
    create table canonical_id as
    with counted as (
      select format, count(*) as ids, sum(count(*)) over () as all_ids from id_shape group by format
    ), top as (
      -- Of two formats of one size an e-mail address comes first: the reading that names fewer people.
      select * from counted order by ids desc, format = 'e-mail' desc, format limit 1
    )
    select false as given, case when ids >= ${dominantShare} * all_ids and format <> ${otherFormat} then format end as name,
      format as top, ids / all_ids as share, all_ids::bigint as ids from top`
      : sql`
    create table canonical_id as
    select true as given, ${canonical}::varchar as name, ${canonical === 'email' ? 'e-mail' : canonical}::varchar as top,
      count(*) filter (fits) / count(*) as share, count(*) as ids from id_shape having count(*) > 0`,
  )
  await db.run(
    raw(`
    create table id_misfit as
    with judged as (
      select s.cio_id, s.format, s.format = 'e-mail' and c.top <> 'e-mail' as email,
        c.name is not null as told, case when c.given then s.fits else s.format = c.name end as fits
      from id_shape s, canonical_id c
    )
    select cio_id, format, email, told from judged where not fits or email and fits is not true`),
  )
  await db.run(raw('drop table id_shape'))
  await db.run(
    raw(`
    create table email_as_id as
    select p.cio_id, p.id, 'id:' || p.id as identity, p.email, p.created_at,
      (select min(e.cio_id) from profile e where e.email_norm = p.id_norm and e.email_joins and e.cio_id <> p.cio_id) as mate
    from id_misfit m join profile p using (cio_id) where m.email`),
  )
}

const otherFormat = 'other'
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
/** Base 32 without I, L, O and U, of 128 bits: the first character is 7 at most (the ULID specification). */
const ulid = '[0-7][0-9a-hjkmnp-tv-z]{25}'
/** One directory of customers names them by how they log in: `auth0|5f7c…`, `google-oauth2|117…`, `apple|0017….0456` (Auth0). */
const byLogin = String.raw`[a-z][a-z0-9_-]*\|\S+`
/** `user_123`, `gid://shopify/Customer/123`, and `C000123`. */
const separated = String.raw`^([a-z][^@\s]*?[^0-9a-z@\s])[0-9a-z-]*[0-9][0-9a-z-]*$`
const attached = '^([a-z]{1,5})[0-9]{2,}$'

/** Formats that one id alone shows, in a word; null for all others. What is all digits is an integer, however long. */
const plainFormat = sql`case
  when regexp_full_match(id_norm, ${byLogin}) then 'connection|id'
  when ${isAddress('id_norm')} then 'e-mail'
  when regexp_full_match(id_norm, ${uuid}) then 'uuid'
  when regexp_full_match(id_norm, '[0-9]+') then 'integer'
  when regexp_full_match(id_norm, '[0-9a-f]+') and length(id_norm) in (24, 32, 40, 64) then 'hex of ' || length(id_norm) || ' digits'
  when regexp_full_match(id_norm, ${ulid}) then 'ulid' end`

const prefix = sql`nullif(case when regexp_matches(id_norm, ${separated}) then regexp_extract(id_norm, ${separated}, 1)
  else regexp_extract(id_norm, ${attached}, 1) end, '')`

/**
 * The first word of a code: of `cus_NffrFeUfNVHibx` no digit, and of `usr_V1StGXR8_Z5` a second separator, hides that it begins
 * as the other codes of its length do. Chance leaves one random code of twelve without a digit.
 */
const stem = raw(
  String.raw`nullif(regexp_extract(id_norm, '^([a-z][0-9a-z]*[^0-9a-z@\s])[0-9a-z_-]*[a-z][0-9a-z_-]*$', 1), '')`,
)

/** Whether an id is what the settings say, where they say it; a regular expression of a user's own sees it as it is written. */
function fits(canonical: string): Query {
  if (canonical === 'email') return sql`coalesce(${plainFormat} = 'e-mail', false)`
  if (canonical === 'uuid' || canonical === 'integer' || canonical === 'ulid')
    return sql`coalesce(${plainFormat} = ${canonical}, false)`
  return sql`regexp_full_match(${trimmed('id')}, ${canonical})`
}
