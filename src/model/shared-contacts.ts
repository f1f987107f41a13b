import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { sql, raw } from '../engine/sql.ts'

/**
 * Phones and role mailboxes on two and more profiles (catalogue, section 1). Shared e-mail addresses are `shared_email`.
 *
 * - `shared_contact`: one row per value. `reason`: why it is one person or several: `mass` (more than `identity.maxShare`
 *   profiles), `contradiction` (two different valid addresses, variants aside, hold the phone), `role` (a mailbox that
 *   belongs to a job), or `duplicate`: a phone of one person. `spellings`: in how many ways it is
 *   written; `addresses`: how many people the e-mail addresses of its holders name. Those of a holder are those of the
 *   whole cluster: whose other profile has an address is not without one.
 * - `contact_holder`: who holds it.
 */
export async function buildSharedContacts(db: Database, settings: Settings): Promise<void> {
  await db.run(
    raw(`
    create temp table contact as
    select 'phone:' || phone_norm as subject, 'phone' as kind, phone_norm as value, phone as written, cio_id, created_at
    from profile where phone_norm not in (from placeholder)
    union all
    select 'email:' || email_variant, 'email', email_variant, email, cio_id, created_at
    from profile where not email_joins and email_norm not in (from placeholder)`),
  )
  await db.run(sql`
    create table shared_contact as
    with addressed as (
      -- One at most: two different ones would contradict each other.
      select m.cluster, min(p.mailbox) as mailbox from member m join profile p using (cio_id)
      where m.cluster in (select cluster from contact join member using (cio_id)) group by m.cluster
    )
    select subject, kind, value, count(*) as profiles, count(distinct written) as spellings,
      count(distinct mailbox) as addresses,
      case
        when kind = 'email' then 'role'
        when count(*) > ${settings.identity.maxShare} then 'mass'
        when count(distinct mailbox) > 1 then 'contradiction'
        else 'duplicate'
      end as reason, min(created_at) as first_seen, max(created_at) as last_seen
    from contact join member using (cio_id) join addressed using (cluster)
    group by subject, kind, value having count(*) > 1`)
  await db.run(
    raw(`
    create table contact_holder as
    select subject, s.reason, c.cio_id from contact c join shared_contact s using (subject)`),
  )
  await db.run(raw('drop table contact'))
}
