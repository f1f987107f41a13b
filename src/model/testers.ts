import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { pointerTo } from './attribute-values.ts'
import { testDomains } from './vocabulary.ts'

/** Reserved for examples and tests (RFC 2606, RFC 6761): nobody has mail there. */
const reservedEndings = String.raw`.*\.(?:test|example|invalid|localhost)`
/** The tag is the word, and not the beginning of another one: `+testimonials` is none. */
const testTag = String.raw`[^+]+\+(?:.*[^a-z])?(?:test|tests|testing|tester|qa)(?:[^a-z].*)?`

/**
 * `tester`: profiles whose e-mail address, if it is no placeholder, looks like one of somebody who tests, with the first `reason` that is true of
 * `pattern` (`testProfiles.emails` of the config), `domain` (reserved or throw-away) and `tag` (`ana+test@…`); and those whom
 * only their `mark` tells.
 *
 * - `marked`: the attribute `testProfiles.attribute` says so too; false where none is configured.
 * - `events`, `purchases`: theirs in the window. `revenue`: what those purchases add up to, refunds taken off, by
 *   currency (`120.5 EUR, 9 USD`); null where no amount is known.
 */
export async function buildTesters(db: Database, { testProfiles }: Settings): Promise<void> {
  const { emails, attribute } = testProfiles
  const patterns = emails.map((pattern) => patternOf(pattern.toLowerCase()))
  const isMarked =
    attribute === null
      ? raw('false')
      : sql`coalesce(lower(trim(json_extract_string(r.attributes, ${pointerTo(attribute)}))) in ('true', '1', 'yes'), false)`
  await db.run(sql`
    create table suspected as
    with read as (
      select cio_id, email_norm as address, split_part(email_norm, '@', 1) as mailbox, split_part(email_norm, '@', 2) as domain
      from profile where email_norm not in (select value from placeholder)
    ), judged as (
      select cio_id, case
        when len(list_filter(${patterns}::varchar[], lambda p: regexp_full_match(address, p))) > 0 then 'pattern'
        when list_contains(${testDomains}::varchar[], domain) or regexp_full_match(domain, ${reservedEndings}) then 'domain'
        when regexp_full_match(mailbox, ${testTag}) then 'tag' end as reason
      from read
    )
    select f.cio_id, coalesce(j.reason, 'mark') as reason, ${isMarked} as marked
    from profile f left join judged j using (cio_id) left join record r using (cio_id)
    where j.reason is not null or ${isMarked}`)
  await db.run(
    raw(`
    create table tester as
    with happened as (
      select p.cio_id, n.intent, e.amount, e.currency from event e join event_name n using (name, type)
      join person p using (person)
      -- equivalent mutants [where true]: the others are left out when testers are told; to count them all takes memory
      where p.cio_id in (select cio_id from suspected)
    ), counted as (
      select cio_id, count(*) as events, count(*) filter (intent = 'purchase') as purchases from happened group by cio_id
    ), earned as (
      select cio_id, string_agg(amount || coalesce(' ' || currency, ''), ', ' order by currency) as revenue from (
        select cio_id, currency, round(sum(amount), 2) as amount from happened
        where intent = 'purchase' group by cio_id, currency
      ) group by cio_id
    )
    select s.*, coalesce(c.events, 0) as events, coalesce(c.purchases, 0) as purchases, e.revenue
    from suspected s left join counted c using (cio_id) left join earned e using (cio_id)`),
  )
  await db.run(raw('drop table suspected'))
}

/** Only the star means something. */
const patternOf = (pattern: string): string =>
  pattern.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/\*+/g, '.*')
