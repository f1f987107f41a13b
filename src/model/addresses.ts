import { raw, sql, type Query } from '../engine/sql.ts'

/**
 * The normal forms of an e-mail address (catalogue, section 0), for the address of a profile and for those that only
 * stand in its history. What is beyond ASCII is folded to NFKC before it comes here, where that matters.
 */

const asciiSpace = ' \t\r\n\v\f'
/** What JavaScript's `trim` takes off: spreadsheets and web pages leave spaces that are none of ASCII's. */
const outerSpace = `${asciiSpace}\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`

/** Without the space around it. Each kind costs the engine time for every value, and most hold nothing beyond ASCII. */
export const trimmed = (text: string): Query =>
  sql`case when strlen(${raw(text)}) = length(${raw(text)}) then trim(${raw(text)}, ${asciiSpace}) else trim(${raw(text)}, ${outerSpace}) end`

const addressPattern = String.raw`[^\s@"<>(),;:]+@[^\s@"<>(),;:]+\.[^\s@"<>(),;:.]{2,}`

/** Trimmed and in lower case. */
export const foldedAddress = (text: string): Query => sql`lower(${trimmed(text)})`

export const isAddress = (folded: string): Query => sql`regexp_full_match(${raw(folded)}, ${addressPattern})`

/**
 * Where its mail ends up: without `+tag`, and for Google without dots. Only of what is an address. One that begins with
 * the plus is a number (`+4915112345678@shop.example`) and has no tag: without it all of a domain would be one mailbox.
 */
export const mailboxOf = (folded: string): Query => {
  const [local, domain] = [`split_part(${folded}, '@', 1)`, `split_part(${folded}, '@', 2)`]
  // equivalent mutants [when true]: the same, but slower
  const untagged = `case when contains(${local}, '+') then regexp_replace(${local}, '(.)[+].*', '\\1') else ${local} end`
  return raw(`replace(${untagged}, case when ${domain} in ('gmail.com', 'googlemail.com') then '.' else '' end, '')
    || '@' || replace(${domain}, 'googlemail.com', 'gmail.com')`)
}
