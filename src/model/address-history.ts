import type { Database } from '../engine/database.ts'
import { raw, sql, type Query } from '../engine/sql.ts'
import { foldedAddress, isAddress, mailboxOf } from './addresses.ts'
import { count, inParts, personsAtOnce } from './roster/parts.ts'

/**
 * `address_history`: one row per profile and mailbox that its changes of the window name, before and after a change:
 * spellings and tags of one mailbox are one. `first_at`, `last_at`: when it was named. Placeholders are nobody's
 * address. From the App API these are the `attribute_change` activities (reference, section 4.4: a map from the
 * attribute to `from` and `to`); from Pipelines files the traits of those who were identified more than once.
 */
export async function buildAddressHistory(db: Database, since: Date, until: Date): Promise<void> {
  await db.run(
    raw(
      'create temp table named_address (cio_id varchar, mailbox varchar, first_at timestamp, last_at timestamp)',
    ),
  )
  await db.run(
    add(sql`
    select cio_id, "at", unnest([data ->> '$.email.from', data ->> '$.email.to']) as email from snap.activity
    where type = 'attribute_change' and cio_id is not null and "at" between ${since}::timestamp and ${until}::timestamp`),
  )
  const calls = await count(db, 'snap.call')
  if (calls > 0) await addCalls(db, calls, since, until)
  // An address that both sources name is one address.
  await db.run(
    raw(`
    create table address_history as
    select cio_id, mailbox, min(first_at) as first_at, max(last_at) as last_at from named_address group by cio_id, mailbox`),
  )
  await db.run(raw('drop table named_address'))
}

async function addCalls(db: Database, calls: number, since: Date, until: Date): Promise<void> {
  await inParts(
    db,
    calls,
    'user_id',
    (part) =>
      add(sql`
    select k.key as cio_id, c."at", c.data ->> '$.email' as email from snap.call c join user_key k using (user_id)
    where c.kind = 'identify'
      -- equivalent mutants [and true]: an address that is named in two parts is one address
      and ${part}
      and c."at" between ${since}::timestamp and ${until}::timestamp
      -- Whoever was identified once has one address, and nothing to tell.
      and user_id in (select user_id from snap.call where kind = 'identify' group by user_id having count(*) > 1)`),
    personsAtOnce,
  )
}

/** @param named - columns `cio_id`, `at` and `email`, as it was written. */
const add = (named: Query): Query => sql`
  insert into named_address
  select cio_id, ${mailboxOf('folded')} as mailbox, min("at"), max("at")
  from (select cio_id, "at", ${foldedAddress('email')} as folded from (${named}))
  where ${isAddress('folded')} and folded not in (from placeholder) group by cio_id, mailbox`
