import { streamNames } from '../core/tables.ts'
import type { Database, Row } from '../engine/database.ts'
import { raw, sql, type Query } from '../engine/sql.ts'
import { e164 } from './people.ts'

export type IdType = 'id' | 'email' | 'phone' | 'cio_id'

/** In the order in which an identifier is tried; what looks like an address is one. */
export function idTypesFor(identifier: string): readonly IdType[] {
  if (/^\s*\S+@\S+\s*$/.test(identifier)) return ['email', 'id']
  if (identifier.startsWith('cio_')) return ['cio_id', 'id']
  return /^\s*\+?[\d\s().-]{7,}$/.test(identifier) ? ['id', 'cio_id', 'phone'] : ['id', 'cio_id']
}

/** Everybody whom an identifier means, the one with the most intent events first; a phone in any spelling. */
export async function findPeople(
  db: Database,
  identifier: string,
  type: IdType,
  defaultCountry: string,
): Promise<string[]> {
  const where: Record<IdType, Query> = {
    id: sql`p.id = ${identifier}`,
    email: sql`p.email_norm = ${identifier.normalize('NFKC').trim().toLowerCase()}`,
    phone: sql`length(${digits(identifier)}) >= 7
      and right(regexp_replace(p.phone, '[^0-9]', '', 'g'), 7) = right(${digits(identifier)}, 7)`,
    cio_id: sql`p.cio_id = ${identifier.replace(/^cio_/, '')}`,
  }
  const rows = await db.rows(sql`
    select p.cio_id, p.phone from profile p left join audience a using (cio_id) where ${where[type]}
    order by a.intent_events desc, p.cio_id limit 100`)
  const isMeant = ({ phone }: Row): boolean =>
    type !== 'phone' || isSamePhone(String(phone), identifier, defaultCountry)
  return rows.filter(isMeant).map(({ cio_id }) => String(cio_id))
}

function isSamePhone(one: string, other: string, defaultCountry: string): boolean {
  const number = e164(one, defaultCountry)
  return digits(one) === digits(other) || (number !== null && number === e164(other, defaultCountry))
}

const digits = (text: string): string => text.replace(/\D/g, '')

/** Everything that the model says of one person; rows are as the tables have them. */
export interface PersonFacts {
  readonly profile: Row
  readonly audience: Row
  /** Of the format that nearly all ids have. */
  readonly idFormat: { readonly misfit: string | null; readonly canonical: string | null }
  readonly mates: readonly Row[]
  readonly attributes: readonly Row[]
  readonly devices: readonly Row[]
  readonly formerDevices: readonly Row[]
  readonly events: readonly Row[]
  readonly defects: readonly Row[]
  readonly journeys: readonly Row[]
  /** The App API told all of them; files do not know any. */
  readonly areJourneysRead: boolean
}

const lastEvents = 10
const longestData = 4000

export async function personFacts(db: Database, cioId: string): Promise<PersonFacts | null> {
  const [profile] = await db.rows(
    sql`select cio_id, id, id_known, email, phone, unsubscribed, created_at, anonymous from profile where cio_id = ${cioId}`,
  )
  if (profile === undefined) return null
  const [audience = {}] = await db.rows(sql`select * exclude (cio_id) from audience where cio_id = ${cioId}`)
  const [format] = await db.rows(sql`
    select c.name as canonical, m.format as misfit
    from canonical_id c left join (from id_misfit where cio_id = ${cioId}) m on true`)
  const events = await eventsOf(db, cioId)
  return {
    profile,
    audience,
    idFormat: {
      misfit: format?.['misfit'] == null ? null : String(format['misfit']),
      canonical: format?.['canonical'] == null ? null : String(format['canonical']),
    },
    mates: await matesOf(db, cioId),
    attributes: await attributesOf(db, cioId),
    devices: await db.rows(sql`
      select token, platform, last_used, state, malformed, silent, holders, push_enabled, last_status, app_version from device
      where cio_id = ${cioId} order by last_used desc nulls last, token limit 50`),
    formerDevices: await db.rows(sql`
      select f.token, f.until_at, d.cio_id as holder from former_holder f join device d using (token)
      where f.cio_id = ${cioId} order by f.until_at desc, f.token limit 20`),
    events,
    defects: await db.rows(sql`
      select seq, path, defect, found, value from property_defect
      where seq in (select unnest(${events.map(({ seq }) => String(seq))}::varchar[])::bigint) order by seq, path, defect`),
    journeys: await journeysOf(db, cioId),
    areJourneysRead:
      (await db.scalar(
        sql`select count(*) > 0 from snap.stream where name = ${streamNames.campaigns} and complete`,
      )) === true,
  }
}

function matesOf(db: Database, cioId: string): Promise<Row[]> {
  return db.rows(sql`
    with me as (select cluster from member where cio_id = ${cioId}), mine as (
      select distinct cio_id from member where cluster = (select cluster from me) and cio_id <> ${cioId}
    )
    select m.cio_id, p.id, p.email, r.joined_by, a.intent_events, a.best_device,
      (select count(*) from device d where d.cio_id = m.cio_id) as devices
    from mine m join profile p using (cio_id) join audience a using (cio_id) left join profile_reason r using (cio_id)
    order by m.cio_id limit 50`)
}

/** What the plan says of attributes, with this person's value or what is wrong with it. */
function attributesOf(db: Database, cioId: string): Promise<Row[]> {
  return db.rows(sql`
    select p.attribute, p.type, p.required, p.recommended, p.applies_to, d.defect, d.found,
      left(json_extract_string(r.attributes, '/' || replace(replace(p.attribute, '~', '~0'), '/', '~1')), 200) as value
    from attribute_plan p join record r on r.cio_id = ${cioId}
    left join attribute_defect d on d.attribute = p.attribute and d.cio_id = ${cioId} order by p.attribute`)
}

/** The newest of what a retention programme lives on. */
function eventsOf(db: Database, cioId: string): Promise<Row[]> {
  return db.rows(sql`
    with mine as (
      select e.seq, e.name, n.intent, n.held, e.happened_at from event e join event_name n using (name, type)
      where e.person = (select person from person where cio_id = ${cioId})
        and n.intent in ('product', 'cart', 'checkout', 'purchase')
      order by e.happened_at desc, e.name, e.seq limit ${lastEvents}
    )
    select m.*, left(s.data::varchar, ${longestData}) as data from mine m join stored s using (seq) order by m.happened_at desc, m.name, m.seq`)
}

/** Running journeys that this person's own data could start. */
function journeysOf(db: Database, cioId: string): Promise<Row[]> {
  return db.rows(sql`
    with sent as (
      select name, max(happened_at) as last_at from event
      where type = 'event' and person = (select person from person where cio_id = ${cioId}) group by name
    )
    select j.id, j.name, j.event_name, j.date_attribute, j.has_push, s.last_at,
      c.trigger_segments::varchar as trigger_segments, c.filter_segments::varchar as filter_segments,
      case when j.date_attribute is not null then
        coalesce(trim(json_extract_string(r.attributes, '/' || replace(replace(j.date_attribute, '~', '~0'), '/', '~1'))), '') <> '' end as has_date
    from journey j join snap.campaign c using (id) join record r on r.cio_id = ${cioId} left join sent s on s.name = j.event_name
    where j.state = 'running' order by j.id`)
}

/** Streams that did not come to their end, so that what is missing may only not have been read. */
export async function cutStreams(db: Database): Promise<string[]> {
  const rows = await db.rows(
    raw(`select name, ended from snap.stream where not coalesce(complete, false)
      and name not in ('workspace', 'segments', 'campaign-actions', 'journey-metrics') order by name`),
  )
  return rows.map(({ name, ended }) => `${String(name)}: ${ended === null ? 'not ended' : String(ended)}`)
}
