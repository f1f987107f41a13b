import { streamEnds, streamNames } from '../../core/tables.ts'
import {
  activitiesPerPage,
  customersPerRequest,
  type Activity,
  type CustomerIo,
  type Received,
  type Workspace,
} from '../../customerio/index.ts'
import type { Snapshot, StreamEnd } from '../../snapshot/index.ts'
import { customerPage } from './customer-page.ts'
import { activityRow, campaignRow, personRow, workspaceRow } from './rows.ts'
import { smallStream } from './small-stream.ts'
import { sortRecords } from './stream.ts'
import { askWorkspaces, ownWorkspace } from './workspace.ts'

/** Enough to tell one format of ids from another, and what an attribute holds. */
const bulkReads = 3
/** Of the newest events of any name; so many tell which names there are. */
const eventPages = 3
/** Names that are read on their own, because a journey may hang on them and the newest events hold few of them. */
const mostNames = 5

export interface GlimpseOptions {
  /** Of the Track keys, where they are given: a key that sees several workspaces does not say which is its own. */
  readonly workspaceId: bigint | null
  /** Of the names of events that were seen, the commonest first, those to read more of; the first few are. */
  readonly worthALook: (seen: readonly string[]) => readonly string[]
}

const cut: StreamEnd = { complete: false, ended: streamEnds.maxActivities }

/**
 * A first look at a workspace in a dozen requests or so: some people with their attributes, the newest events, the
 * campaigns. People and events are cut, and their streams say so.
 */
export async function pullGlimpse(
  snapshot: Snapshot,
  client: CustomerIo,
  { workspaceId, worthALook }: GlimpseOptions,
): Promise<Workspace | null> {
  const found = await askWorkspaces(client)
  const own = ownWorkspace(found, { workspaceId })
  await smallStream(snapshot, streamNames.workspace, async () => {
    if ('failure' in found) throw found.failure
    const rows = own === null ? [] : [workspaceRow(own, null)]
    await snapshot.commit({
      stream: streamNames.workspace,
      read: found.page.records.length,
      rows: { workspace: rows },
    })
  })
  await pullSomePeople(snapshot, client)
  await smallStream(snapshot, streamNames.activitiesRest, async () => {
    const seen = new Map<string, number>()
    let start: string | null = null
    for (let page = 1; page <= eventPages; page += 1) {
      const { records, next } = await client.activities({ type: 'event', start, limit: activitiesPerPage })
      for (const name of namesIn(records)) seen.set(name, (seen.get(name) ?? 0) + 1)
      await commitEvents(snapshot, records, `page ${page}`)
      if (next === null) break
      start = next
    }
    const often = [...seen].toSorted(([, one], [, other]) => other - one).map(([name]) => name)
    for (const name of worthALook(often).slice(0, mostNames)) {
      const { records } = await client.activities({
        type: 'event',
        name,
        start: null,
        limit: activitiesPerPage,
      })
      await commitEvents(snapshot, records, `events of one name`)
    }
    return cut
  })
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
  return own
}

async function pullSomePeople(snapshot: Snapshot, client: CustomerIo): Promise<void> {
  const ids: string[] = []
  await smallStream(snapshot, streamNames.people, async () => {
    const { records } = await client.searchPeople(null, bulkReads * customersPerRequest)
    const { rows, rejects } = sortRecords(records, (n) => `record ${n}`, personRow)
    ids.push(...records.flatMap((record) => (record.fits ? [record.value.cioId] : [])))
    await snapshot.commit({
      stream: streamNames.people,
      read: records.length,
      rows: { person: rows },
      rejects,
    })
    return cut
  })
  await smallStream(snapshot, streamNames.attributes, async () => {
    // No source says whether the bulk read wants the prefix; unknown ids are left out of the reply without a word.
    let prefix = ''
    for (let at = 0; at < ids.length; at += customersPerRequest) {
      const asked = ids.slice(at, at + customersPerRequest)
      let { records } = await client.readCustomers(asked.map((id) => `${prefix}${id}`))
      if (records.length === 0 && prefix === '') {
        prefix = 'cio_'
        records = (await client.readCustomers(asked.map((id) => `${prefix}${id}`))).records
      }
      const page = customerPage(records, asked, at / customersPerRequest + 1)
      await snapshot.commit({ ...page, stream: streamNames.attributes })
    }
    return cut
  })
}

async function commitEvents(
  snapshot: Snapshot,
  records: readonly Received<Activity>[],
  place: string,
): Promise<void> {
  const { rows, rejects } = sortRecords(records, (n) => `${place}, record ${n}`, activityRow)
  await snapshot.commit({
    stream: streamNames.activitiesRest,
    read: records.length,
    rows: { activity: rows },
    rejects,
  })
}

const namesIn = (records: readonly Received<Activity>[]): string[] =>
  records.flatMap((record) => (record.fits && record.value.name !== null ? [record.value.name] : []))
