import type { AuditReport, StreamLine } from '../core/report.ts'
import { isoSeconds } from '../core/time.ts'
import { streamEnds, streamNames } from '../core/tables.ts'

/** How far a pull over the API could see. */
export interface Pulled {
  /** It read activities back to here. */
  readonly from: Date | undefined
  readonly begun: Date | undefined
  readonly ended: Date | undefined
}

/** From the first to the last arrival in Pipelines files; undefined where nothing arrived. */
export interface Filed {
  readonly from: Date | undefined
  readonly until: Date | undefined
  /** The last arrival of streams that broke off before the others did, by name. */
  readonly brokenOff: ReadonlyMap<string, Date>
}

/** Customer.io promises no more (contracts, section 2). */
const kept = 30 * 86_400_000
/** Of the window: a pull takes hours, and a date for "now" is the midnight before or after it. */
const slack = 1 / 30

/**
 * A pull is complete for the time that it read, and files for the time that they cover. A window that reaches beyond it
 * (`--since 60d`, or `--as-of` long after the snapshot) would find nothing there, and take that for nothing that happened:
 * its activities are incomplete. Beside the API, which then tells what happened, files may end early.
 */
export function withinReach(
  sources: AuditReport['sources'],
  { since, until }: { readonly since: Date; readonly until: Date },
  { from, begun, ended }: Pulled,
  filed: Filed,
): AuditReport['sources'] {
  const spare = (until.getTime() - since.getTime()) * slack
  const isBefore = (at: Date | undefined, than: Date, by: number): boolean =>
    at !== undefined && at.getTime() + by < than.getTime()
  const gap = (stream: StreamLine): string | null => {
    if (isBefore(ended, until, spare))
      return `the pull ended at ${isoSeconds(ended ?? until)}, before the window does: pull again`
    if (begun !== undefined && isBefore(since, new Date(begun.getTime() - kept), spare))
      return 'Customer.io keeps activities for 30 days, and the window begins earlier: shorten it with --since'
    if (from !== undefined && stream.ended === streamEnds.sinceBound && isBefore(since, from, spare))
      return `the pull reads back to ${isoSeconds(from)}, and the window begins earlier: pull again, or shorten it with --since`
    return null
  }
  const gapOfFiles = ({ name }: StreamLine): string | null => {
    const last = filed.brokenOff.get(name)
    if (last !== undefined && isBefore(last, until, spare))
      return `they end at ${isoSeconds(last)}, and other calls go on: fetch the newer files, or see why no more came in`
    if (isBefore(filed.until, until, spare))
      return `the files end at ${isoSeconds(filed.until ?? until)}, before the window does: fetch newer ones, or leave --as-of and --until out`
    if (filed.from !== undefined && isBefore(since, filed.from, spare))
      return `the files begin at ${isoSeconds(filed.from)}, and the window earlier: fetch older ones, or shorten it with --since`
    return null
  }
  const isPulled = sources.some(({ kind }) => kind === 'app-api')
  return sources.map((source) => {
    if (source.kind === 'app-api')
      return { ...source, streams: source.streams.map((stream) => within(stream, gap, isOfActivities)) }
    if (source.kind === 'pipelines' && !isPulled)
      return { ...source, streams: source.streams.map((stream) => within(stream, gapOfFiles)) }
    return source
  })
}

const isOfActivities = ({ name }: StreamLine): boolean => name.startsWith(streamNames.activityType(''))

function within(
  stream: StreamLine,
  gap: (stream: StreamLine) => string | null,
  isMeant: (stream: StreamLine) => boolean = () => true,
): StreamLine {
  const why = stream.complete && isMeant(stream) ? gap(stream) : null
  return why === null ? stream : { ...stream, complete: false, ended: why }
}
