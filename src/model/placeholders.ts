import type { Database } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'
import { trimmed, foldedAddress, isAddress, mailboxOf } from './addresses.ts'

/**
 * `placeholder_holder`: profiles whose id, e-mail or phone is a value that means nobody (catalogue,
 * `identity/placeholder-id`); one row for each such value of a profile.
 *
 * - `subject`: `id:null`, `email:test@test.com` or `phone:+10000000000`, the value in lower case and without space.
 * - `names`: the profile is known by this value and by nothing better, so that everybody who is called so ends in it. A
 *   customer with an id of their own whose phone the till filled in is no such profile.
 * - `intent_events`, `devices`, `addresses`: what has gathered there. `addresses` counts the mailboxes that
 *   the profile ever had, as far as any source tells; spellings and tags of one mailbox are one.
 * - `gathers`: it is named by the placeholder and holds what belongs to several people.
 */
export async function buildPlaceholders(db: Database): Promise<void> {
  await db.run(sql`
    create temp table held_placeholder as
    with value as (
      select cio_id, 'id' as kind, id_norm as value, true as names from profile
      union all
      select cio_id, 'email', coalesce(email_norm, ${foldedAddress('email')}), not id_known and coalesce(id_norm, '') not in (from placeholder) from profile
      union all
      -- However a number is written: (000) 000-0000 is 0000000000.
      select cio_id, 'phone', case when regexp_full_match(phone, '[0-9+().\\s-]+') then regexp_replace(phone, '[().\\s-]', '', 'g')
          else lower(${trimmed('phone')}) end,
        not id_known and email_norm is null and coalesce(id_norm, '') not in (from placeholder) from profile
    )
    select cio_id, kind, value, names from value where value in (from placeholder)`)
  await db.run(addressesSeen)
  await db.run(
    raw(`
    create table placeholder_holder as
    with counted as (
      select h.*, a.intent_events, (select count(*) from device d where d.cio_id = h.cio_id) as devices,
        coalesce(s.addresses, 0) as addresses
      from held_placeholder h join audience a using (cio_id)
      left join (select cio_id, count(*) as addresses from address_seen group by cio_id) s using (cio_id)
    )
    select kind || ':' || value as subject, *, names and (intent_events > 0 or devices >= 2 or addresses >= 3) as gathers from counted`),
  )
  await db.run(raw('drop table address_seen'))
  await db.run(raw('drop table held_placeholder'))
}

/**
 * The mailboxes that profiles with placeholders are known to have had: now, in the changes of the window
 * (`address_history`), and in the warehouse's history of attributes.
 */
const addressesSeen = sql`
  create temp table address_seen as
  with former as (
    select cio_id, ${foldedAddress('value')} as folded from snap.attribute_change
    where name = 'email'
  ), written as (
    select cio_id, email_variant as mailbox from profile where email_norm not in (from placeholder)
    union
    select cio_id, mailbox from address_history
    union
    select cio_id, ${mailboxOf('folded')} from former where ${isAddress('folded')} and folded not in (from placeholder)
  )
  -- equivalent mutants [where true]: nobody asks for the addresses of the others, they only fill the memory
  select cio_id, mailbox from written where cio_id in (select cio_id from held_placeholder)`
