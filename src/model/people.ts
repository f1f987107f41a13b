import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min'
import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { trimmed, foldedAddress, isAddress, mailboxOf } from './addresses.ts'
import { count, inParts } from './roster/parts.ts'
import { placeholderValues, roleMailboxes, testDomains } from './vocabulary.ts'

/**
 * `profile`: everyone of the roster, with identifiers in their normal forms (catalogue, section 0). Later steps add clusters,
 * devices and audiences.
 *
 * - `email_norm`: NFKC, trimmed, lower case; null where it is no address.
 * - `email_variant`: the same without `+tag`, and without dots for gmail.
 * - `mailbox`: whose they are, to tell people apart: `email_variant`, or where there is no address an id that is one.
 * - `email_joins`: may say that two profiles are one person (no placeholder, no role mailbox).
 * - `phone_norm`: E.164, with the extension where there is one; only where another profile has the same last digits:
 *   nothing else can join by phone.
 */
export async function buildPeople(db: Database, settings: Settings): Promise<void> {
  await foldEmails(db)
  await foldPhones(db, settings.identity.defaultCountry)
  await db.run(raw('create table placeholder (value varchar)'))
  await db.append(
    'placeholder',
    [...new Set([...placeholderValues, ...settings.identity.placeholders])].map((v) => [v]),
  )
  await db.run(
    raw(`create table profile (
      cio_id varchar, id varchar, id_norm varchar, id_known boolean, email varchar, email_norm varchar, email_variant varchar,
      mailbox varchar, email_joins boolean, phone varchar, phone_norm varchar, unsubscribed boolean, created_at timestamp, anonymous boolean)`),
  )
  await inParts(
    db,
    await count(db, 'record'),
    'p.cio_id',
    (part) => sql`
    insert into profile
    with read as (
      select p.*, lower(${trimmed('p.id')}) as id_norm, coalesce(f.folded, ${foldedAddress('p.email')}) as email_folded
      from record p left join folded_email f on f.email = p.email where ${part}
    ), judged as (
      select *, ${isAddress('email_folded')} as email_valid, split_part(email_folded, '@', 1) as email_local,
        coalesce(id_norm, '') <> '' and id_norm not in (from placeholder) and coalesce(id <> anonymous_id, true) as id_known
      from read
    )
    select j.cio_id, j.id, j.id_norm, j.id_known, j.email,
      case when j.email_valid then j.email_folded end as email_norm,
      case when j.email_valid then ${mailboxOf('j.email_folded')} end as email_variant,
      case when j.email_valid then ${mailboxOf('j.email_folded')}
        when j.id_known and ${isAddress('j.id_norm')} then ${mailboxOf('j.id_norm')} end as mailbox,
      coalesce(j.email_valid and j.email_folded not in (from placeholder)
        and split_part(j.email_local, '+', 1) not in (select unnest(${roleMailboxes}::varchar[])), false) as email_joins,
      j.phone, n.e164 as phone_norm, j.unsubscribed, j.created_at,
      not j.id_known and coalesce(j.email_folded, '') = '' and coalesce(${trimmed('j.phone')}, '') = '' as anonymous
    from judged j left join folded_phone n on n.phone = j.phone`,
  )
  await db.run(raw('drop table folded_email'))
  await db.run(raw('drop table folded_phone'))
}

/**
 * `shared_email`: addresses on two and more profiles; `mass` where more than `identity.maxShare` profiles have it.
 * `varied_email`: mailboxes that are written in two and more ways.
 */
export async function buildSharedEmails(db: Database, settings: Settings): Promise<void> {
  await db.run(sql`
    create table shared_email as
    select email_norm as address, count(*) as profiles, count(distinct email) as spellings,
      count(*) > ${settings.identity.maxShare} as mass, min(created_at) as first_seen, max(created_at) as last_seen
    from profile where email_joins group by email_norm
    having count(*) > 1
      and (count(*) <= ${settings.identity.maxShare} or split_part(email_norm, '@', 2) not in (select unnest(${testDomains}::varchar[])))`)
  await db.run(
    raw(`
    create table varied_email as
    select email_variant as address, count(*) as profiles, count(distinct email_norm) as addresses
    from profile where email_joins group by email_variant having count(distinct email_norm) > 1`),
  )
}

/** NFKC is not in the engine; only addresses beyond ASCII need it, and they are few. */
async function foldEmails(db: Database): Promise<void> {
  await db.run(raw('create table folded_email (email varchar, folded varchar)'))
  const query = raw(
    // equivalent mutants [where true]: folding what is ASCII changes nothing, it only takes long
    "select distinct email from record where not regexp_full_match(email, '[\\x00-\\x7F]*')",
  )
  const rows = await db.rows(query)
  await db.append(
    'folded_email',
    rows.map(({ email }) => [String(email), String(email).normalize('NFKC').trim().toLowerCase()]),
  )
}

/** By libphonenumber; null where it is no valid number. Two desks behind one switchboard are two people. */
export function e164(phone: string, defaultCountry: string): string | null {
  const parsed = parsePhoneNumberFromString(phone.normalize('NFKC'), defaultCountry as CountryCode)
  if (!parsed?.isValid()) return null
  return parsed.ext === undefined ? parsed.number : `${parsed.number} ext. ${parsed.ext}`
}

/** How a number is kept most often, beside the way it was typed: international and national, without spaces. */
export function phoneSpellings(phone: string, defaultCountry: string): string[] {
  const parsed = parsePhoneNumberFromString(phone.normalize('NFKC'), defaultCountry as CountryCode)
  const typed = [phone.trim(), phone.replaceAll(/[^\d+]/g, '')]
  const kept = parsed?.isValid() ? [parsed.number, parsed.formatNational().replaceAll(/\D/g, '')] : []
  // Without a digit nothing is left of it, and everybody without a phone would be meant.
  return [...new Set([...typed, ...kept])].filter((spelling) => spelling !== '')
}

/**
 * E.164, for numbers that could be somebody else's too: two spellings of one number share their
 * last seven digits, so every other number is left alone (that is nearly all of them, and parsing is slow).
 */
async function foldPhones(db: Database, defaultCountry: string): Promise<void> {
  await db.run(raw('create table folded_phone (phone varchar, e164 varchar)'))
  await db.run(
    raw(`
    create table shared_phone as
    with number as (
      select phone, right(regexp_replace(phone, '[^0-9]', '', 'g'), 7) as tail, count(distinct cio_id) as holders
      from record group by phone
    )
    select phone from number qualify sum(holders) over (partition by tail) > 1 and length(tail) = 7`),
  )
  for await (const rows of db.stream(raw('from shared_phone'))) {
    const folded = rows.map(({ phone }) => [String(phone), e164(String(phone), defaultCountry)] as const)
    await db.append(
      'folded_phone',
      folded.filter(([, number]) => number !== null),
    )
  }
  await db.run(raw('drop table shared_phone'))
}
