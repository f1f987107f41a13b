import { streamEnds, streamNames } from '../../core/tables.ts'
import {
  activitiesPerPage,
  customersPerRequest,
  type Activity,
  type Customer,
  type CustomerIo,
  type IdType,
  type PeopleFilter,
} from '../../customerio/index.ts'
import type { Snapshot, StreamEnd } from '../../snapshot/index.ts'
import { customerPage } from './customer-page.ts'
import { isPastBound, nothingSeen, watchOrder } from './order.ts'
import { activityRow, campaignRow } from './rows.ts'
import { smallStream } from './small-stream.ts'
import { peopleRefused, sortRecords } from './stream.ts'

export interface PulledPerson {
  /** Everybody whom the identifier means, as far as was asked. */
  readonly found: readonly string[]
  readonly type: IdType
  /** Segments that the first of them is in; null where the key may not read them. */
  readonly segments: ReadonlyMap<number, string> | null
}

/** Beyond these a shared value is no person's own. */
const mostMates = 50
/** Of several whom the identifier means, so many are asked what they did. */
const mostAsked = 5
const mostPages = 3

interface Asked {
  readonly identifier: string
  readonly types: readonly IdType[]
  /** Spellings of the identifier where it is a phone: the API looks for a number as it is written. */
  readonly phones: readonly string[]
}

/**
 * One person, whoever shares an address, a phone or an id with them, their activities and the campaigns: the snapshot of a
 * workspace that is as small as the question. Eight requests or so. Null where the identifier means nobody.
 */
export async function pullPerson(
  snapshot: Snapshot,
  client: CustomerIo,
  search: Asked & { readonly since: Date },
): Promise<PulledPerson | null> {
  const hit = await findPerson(client, search).catch((cause: unknown) => Promise.reject(peopleRefused(cause)))
  if (hit === null) return null
  const { prefix, own } = hit
  const mates = await smallStream(snapshot, streamNames.people, async () => {
    const others = own === null ? [] : await matesOf(client, own)
    const people = [...new Set([...hit.found, ...others])].slice(0, customersPerRequest)
    await snapshot.commit({
      stream: streamNames.people,
      read: people.length,
      rows: { person: people.map((id) => [id, null, null]) },
    })
    return people
  })
  await smallStream(snapshot, streamNames.attributes, async () => {
    const asked = mates ?? hit.found.slice(0, customersPerRequest)
    const { records } = await client.readCustomers(asked.map((id) => `${prefix}${id}`))
    await snapshot.commit({ ...customerPage(records, asked, 1), stream: streamNames.attributes })
  })
  const did = new Map<string, number>()
  await smallStream(snapshot, streamNames.activitiesRest, async () => {
    let cut: StreamEnd | undefined
    for (const cioId of hit.found.slice(0, mostAsked))
      cut = (await pullActivities(snapshot, client, cioId, search.since, did)) ?? cut
    return cut
  })
  // Who did most is the one who is meant; of equals the first that was named.
  const found = hit.found.toSorted((a, b) => (did.get(b) ?? 0) - (did.get(a) ?? 0))
  const [cioId = ''] = found
  await smallStream(snapshot, streamNames.campaigns, async () => {
    const { records } = await client.campaigns()
    const { rows, rejects } = sortRecords(records, (n) => `record ${n}`, campaignRow)
    await snapshot.commit({
      stream: streamNames.campaigns,
      read: records.length,
      rows: { campaign: rows },
      rejects,
    })
  })
  const segments = await smallStream(snapshot, streamNames.segments, async () => {
    const { records } = await client.segmentsOf(cioId)
    return new Map(
      records.flatMap((record) =>
        record.fits ? [[Number(record.value.id), record.value.name ?? String(record.value.id)] as const] : [],
      ),
    )
  })
  return { found, type: hit.type, segments }
}

interface Hit {
  readonly found: readonly string[]
  readonly type: IdType
  /** What stands before a `cio_id` in a bulk read; no source says whether it is needed. */
  readonly prefix: string
  /** The first of them; null where the record does not fit. */
  readonly own: Customer | null
}

async function findPerson(client: CustomerIo, asked: Asked): Promise<Hit | null> {
  for (const type of asked.types) {
    const found = await tryType(client, asked, type)
    if (found.length === 0) continue
    for (const prefix of ['', 'cio_']) {
      const { records } = await client.readCustomers([`${prefix}${found[0]}`])
      const [first] = records
      if (first !== undefined) return { found, type, prefix, own: first.fits ? first.value : null }
    }
    return { found, type, prefix: '', own: null }
  }
  return null
}

async function tryType(client: CustomerIo, { identifier, phones }: Asked, type: IdType): Promise<string[]> {
  if (type === 'email') return idsIn(await client.peopleByEmail(identifier.trim()))
  if (type === 'phone') {
    const filter = { or: phones.flatMap((phone) => equals({ phone }).or) }
    return idsIn(await client.searchPeople(null, mostMates, filter))
  }
  if (type === 'id') return idsIn(await client.searchPeople(null, mostMates, equals({ id: identifier })))
  return idsIn(
    await client.searchPeople(null, mostMates, equals({ cio_id: identifier.replace(/^cio_/, '') })),
  )
}

/** Whoever has the same address, the same phone, or one of them as an id. */
async function matesOf(client: CustomerIo, { id, email, phone }: Customer): Promise<string[]> {
  // The API looks for values as they are written; of this address at least the plain spelling is known.
  const plain = email?.trim().toLowerCase() ?? ''
  const addresses = [...new Set([email ?? '', plain])].filter((address) => address !== '')
  const shared = [
    ...addresses.flatMap((address) => [{ email: address }, { id: address }]),
    ...(phone === null || phone === '' ? [] : [{ phone }]),
    ...(id?.includes('@') ? [{ email: id }] : []),
  ]
  if (shared.length === 0) return []
  return idsIn(await client.searchPeople(null, mostMates, { or: shared.flatMap((one) => equals(one).or) }))
}

function equals(wanted: Readonly<Record<string, string>>): PeopleFilter {
  return {
    or: Object.entries(wanted).map(([field, value]) => ({ attribute: { field, operator: 'eq', value } })),
  }
}

function idsIn({ records }: Awaited<ReturnType<CustomerIo['searchPeople']>>): string[] {
  return records.flatMap((record) => (record.fits ? [record.value.cioId] : []))
}

/** Newest first, to the bound or for a few pages; a stream that is cut says so. `did` counts events by person. */
async function pullActivities(
  snapshot: Snapshot,
  client: CustomerIo,
  cioId: string,
  since: Date,
  did: Map<string, number>,
): Promise<StreamEnd | undefined> {
  const name = streamNames.activitiesRest
  let start: string | null = null
  let order = nothingSeen
  for (let page = 1; page <= mostPages; page += 1) {
    const { records, next } = await client.activities({ cioId, start, limit: activitiesPerPage })
    const { rows, rejects } = sortRecords(
      records,
      (n) => `page ${page}, record ${n}`,
      (activity: Activity, raw) =>
        // Of their own activities some copies of the API leave the person out.
        activityRow({ ...activity, cioId: activity.cioId ?? cioId }, raw),
    )
    await snapshot.commit({ stream: name, read: records.length, rows: { activity: rows }, rejects })
    const events = records.filter((record) => record.fits && record.value.type === 'event').length
    did.set(cioId, (did.get(cioId) ?? 0) + events)
    const dated = records.map((record) =>
      record.fits
        ? { id: record.value.id, time: record.value.at?.getTime() ?? null }
        : { id: '', time: null },
    )
    order = watchOrder(order, dated)
    // One backdated row (a till's purchase, an import) ends nothing.
    if (next === null || isPastBound(order, dated, since)) return undefined
    start = next
  }
  return { complete: false, ended: streamEnds.maxActivities }
}
