import { UsageError } from './errors.ts'

/** A time, or how long before the "now" of a run, which is known only when its sources were read. */
export type Moment = Date | { readonly secondsBefore: number }

export const momentAt = (moment: Moment, now: Date): Date =>
  moment instanceof Date ? moment : new Date(now.getTime() - moment.secondsBefore * 1000)

export const emptyWindow = (): UsageError =>
  new UsageError(
    'USAGE_TIME',
    'The window is empty: --since does not lie before its end.',
    'Give a --since that is older than --until and --as-of.',
  )
