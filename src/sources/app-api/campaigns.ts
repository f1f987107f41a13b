import { subDays } from 'date-fns/subDays'
import { streamEnds, streamNames } from '../../core/tables.ts'
import { raw } from '../../engine/sql.ts'
import { ApiError } from '../../customerio/index.ts'
import type { DataRow, Reject } from '../../snapshot/index.ts'
import { isSamePage, samePage } from './cursor.ts'
import type { Pull } from './pull.ts'
import { actionRow, campaignRow } from './rows.ts'
import { assertGoingOn, failed, readStream, sortRecords } from './stream.ts'
import type { OpenStream } from './stream.ts'

const complete = { complete: true, ended: streamEnds.endOfCursor }
/** Long enough to tell a trigger that has died from one that never lived. */
const metricDays = 90

export async function pullCampaigns(pull: Pull): Promise<void> {
  await readStream(pull, streamNames.campaigns, null, async (stream) => {
    const { records } = await pull.client.campaigns()
    const { rows, rejects } = sortRecords(records, (n) => `record ${n}`, campaignRow)
    await stream.page({ read: records.length, rows: { campaign: rows }, rejects, end: complete })
  })
}

/** The messages of every campaign: all pages of one campaign are committed together. */
export async function pullCampaignActions(pull: Pull): Promise<void> {
  await readStream(pull, streamNames.campaignActions, null, (stream) =>
    forEachCampaign(pull, stream, 'true', async (id) => {
      const rows: DataRow[] = []
      const rejects: Reject[] = []
      const followed = new Set<string | null>([null])
      let read = 0
      let last: Awaited<ReturnType<typeof pull.client.campaignActions>> | null = null
      for (let start: string | null = null, page = 1; ; page++) {
        const answer = await pull.client.campaignActions(id, start)
        const { records, next } = answer
        const sorted = sortRecords(
          records,
          (n) => `campaign ${id}, page ${page}, record ${n}`,
          (action, text) => actionRow(id, action, text),
        )
        rows.push(...sorted.rows)
        rejects.push(...sorted.rejects)
        read += records.length
        if (next === null) return { read, rows: { campaign_action: rows }, rejects }
        if (followed.has(next)) throw new ApiError('exhausted', null, 'cursor repeated', pull.client.host)
        if (isSamePage(answer, last)) throw new ApiError('exhausted', null, samePage, pull.client.host)
        followed.add(next)
        last = answer
        start = next
      }
    }),
  )
}

/** Journeys started per day. Drafts have none. */
export async function pullJourneyMetrics(pull: Pull): Promise<void> {
  const range = { start: subDays(pull.started, metricDays), end: pull.started }
  await readStream(pull, streamNames.journeyMetrics, null, (stream) =>
    forEachCampaign(pull, stream, "state is distinct from 'draft'", async (id) => ({
      read: 1,
      rows: { journey_metric: [[id, await pull.client.journeyMetrics(id, range)]] },
    })),
  )
}

type CampaignPage = Omit<Parameters<OpenStream['page']>[0], 'cursor' | 'end'>

/** One after the other by id; the cursor is the last id that was done. A campaign that is gone by now is passed over. */
async function forEachCampaign(
  pull: Pull,
  stream: OpenStream,
  where: string,
  read: (id: bigint) => Promise<CampaignPage>,
): Promise<{ complete: boolean; ended: string }> {
  if (pull.snapshot.stream(streamNames.campaigns)?.complete !== true)
    return failed('the campaigns are not known')
  const rows = await pull.snapshot.rows(
    raw(`select id::varchar as id from campaign where ${where} order by campaign.id`),
  )
  const done = stream.entry.cursor === null ? null : BigInt(stream.entry.cursor)
  for (const { id: text } of rows) {
    const id = BigInt(String(text))
    if (done !== null && id <= done) continue
    assertGoingOn(pull)
    const page = await read(id).catch((cause: unknown): CampaignPage => {
      if (cause instanceof ApiError && cause.kind === 'missing') return { read: 0 }
      throw cause
    })
    await stream.page({ ...page, cursor: String(id) })
  }
  return complete
}
