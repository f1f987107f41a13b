import { UsageError } from '../core/errors.ts'
import type { RunFlags } from './run-options.ts'

/** Where the workspace comes from: over the API, from a snapshot that is there, from files; files go with either. */
export interface Origin {
  readonly base: 'api' | 'snapshot' | null
  /** The snapshot's file; the one of the state folder when it is not named. */
  readonly snapshot: string | undefined
  /** Paths as they were given. */
  readonly files: readonly string[]
}

export function readOrigin(flags: Pick<RunFlags, 'source'> & { readonly offline?: boolean }): Origin {
  const sources = [...new Set(flags.source ?? [])]
  const snapshots = sources.filter((source) => source.endsWith('.duckdb'))
  const files = sources.filter((source) => source !== 'api' && !source.endsWith('.duckdb'))
  const wantsApi = sources.includes('api') || (sources.length === 0 && !flags.offline)
  if (wantsApi && flags.offline) {
    throw wrong('--offline and --source api exclude each other.', 'Leave one of them out.')
  }
  if (snapshots.length + (wantsApi ? 1 : 0) > 1) {
    throw wrong(
      wantsApi
        ? 'A snapshot and --source api are the same workspace twice.'
        : 'Two snapshots cannot make one workspace.',
      'Name one of them; folders and files of Customer.io go with either.',
    )
  }
  if (wantsApi) return { base: 'api', snapshot: undefined, files }
  const [snapshot] = snapshots
  return { base: snapshot === undefined && files.length > 0 ? null : 'snapshot', snapshot, files }
}

const wrong = (message: string, advice: string): UsageError => new UsageError('USAGE_SOURCE', message, advice)
