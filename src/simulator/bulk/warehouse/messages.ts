import type { Campaign, Delivery, Person } from '../../types.ts'
import { IsoWriter } from '../times.ts'
import { workspaceId, type Sync, type SyncFiles } from './tables.ts'

const day = 86_400

export interface MessageSync {
  readonly people: readonly Person[]
  readonly deliveries: readonly Delivery[]
  readonly files: SyncFiles
  readonly now: number
}

/** What journeys sent, and what became of it. */
export function syncMessages({ people, deliveries, files, now }: MessageSync): void {
  const iso = new IsoWriter()
  const at = (seconds: number): string => iso.write(seconds * 1000)
  const syncOf = (time: number): Sync => (time <= now - 20 * day ? 1 : time <= now - 10 * day ? 2 : 3)
  let sequence = 0
  for (const {
    id,
    person,
    campaignId,
    actionId,
    channel,
    createdAt,
    triggerEventId,
    metrics,
  } of deliveries) {
    sequence += 1
    const sync = syncOf(createdAt)
    const cioId = people[person]?.cioId ?? null
    const what = [workspaceId, id, cioId, null, triggerEventId, channel]
    const why = [String(campaignId), String(actionId), null, null, null]
    files.add('deliveries', sync, [...what, ...why, at(createdAt), null, String(sequence)])
    for (const [metric, time] of Object.entries(metrics)) {
      const reason = metric === 'bounced' ? 'unregistered device token' : null
      const head = [`${id}-${metric}`, workspaceId, id, metric, reason]
      files.add('metrics', sync, [...head, null, null, at(time), String(sequence)])
    }
  }
}

export function syncCampaigns(campaigns: readonly Campaign[], files: SyncFiles): void {
  const iso = new IsoWriter()
  for (const { id, name, createdAt } of campaigns) {
    const created = iso.write(createdAt * 1000)
    files.add('campaigns', 1, [workspaceId, String(id), name, created, created, null, '1'])
  }
}
