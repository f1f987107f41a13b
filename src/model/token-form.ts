import { raw, sql, type Query } from '../engine/sql.ts'
import { tokenPlaceholders } from './vocabulary.ts'

/** What may stand around a value by mistake: it says nothing about the value itself. */
const wrapping = ' \t\r\n\v\f"\'`<>(){}'

/**
 * Why a text is no push token, or null where it is one (catalogue, `devices/malformed-token`): an APNs token is an even
 * number of hex digits, 64 to 200; an FCM token has a colon and 100 and more URL-safe characters after it, or is the old
 * form of 152. iOS apps may carry FCM tokens, so the platform is not asked.
 *
 * - `placeholder`: a word that means nothing, or zeros only; whatever stands around it.
 * - `other-provider`: the name that another push service gives a device (Expo, or a UUID as OneSignal and Airship use).
 * - `description`: `<…>` or `{…}`, what iOS prints of a token's bytes.
 * - `quotes`, `white-space`: around or within the token.
 * - `length`: only characters that a token may have, but too few, too many or an odd number of them.
 * - `characters`: anything else.
 */
export function malformation(token: Query): Query {
  const bare = sql`lower(trim(${token}, ${wrapping}))`
  return sql`case
    when ${bare} in (from placeholder) or ${bare} in (select unnest(${tokenPlaceholders}::varchar[]))
      or regexp_full_match(${bare}, '0*') then 'placeholder'
    when ${isToken(token)} then null
    when regexp_matches(${bare}, '^expo(nent)?pushtoken\\[')
      or regexp_full_match(${bare}, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}') then 'other-provider'
    when regexp_matches(${token}, '[<>{}]') then 'description'
    when regexp_matches(${token}, '["''\`]') then 'quotes'
    when regexp_matches(${token}, '[\\s\\v]') then 'white-space'
    when regexp_full_match(${token}, '[A-Za-z0-9_:-]+') then 'length'
    else 'characters' end`
}

const isToken = (token: Query): Query => sql`(
  (length(${token}) between 64 and 200 and length(${token}) % 2 = 0 and regexp_full_match(${token}, '[0-9A-Fa-f]+'))
  or regexp_full_match(${token}, '[A-Za-z0-9_-]+:[A-Za-z0-9_-]{100,}')
  or regexp_full_match(${token}, '[A-Za-z0-9_-]{152}'))`

/** The words of a name: `com.shop.appDebug` says `com`, `shop`, `app` and `debug`; `latest` is one word. */
const wordsOf = (text: string): string =>
  `regexp_extract_all(lower(regexp_replace(${text}, '([a-z])([A-Z])', '\\1 \\2', 'g')), '[a-z]+')`

/**
 * `app_build`: the builds that hold a token, with the words of their names. The first two parts of an identifier name
 * the company (`dev.northwind.shop` belongs to northwind.dev), so they say nothing about the build.
 */
export const appBuilds = raw(`
  create table app_build as
  with build as (
    select distinct app_identifier, app_version from device
  ), named as (
    select *, string_split(app_identifier, '.') as parts from build
  )
  select app_identifier, app_version, ${wordsOf(`coalesce(array_to_string(parts[least(len(parts), 3):], '.'), '')`)} as identifier_words,
    ${wordsOf("coalesce(app_version, '')")} as version_words
  from named`)
