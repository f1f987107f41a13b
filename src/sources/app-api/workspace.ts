import { UsageError } from '../../core/errors.ts'
import { streamEnds, streamNames } from '../../core/tables.ts'
import { raw } from '../../engine/sql.ts'
import { ApiError } from '../../customerio/index.ts'
import type { CustomerIo, Page, Workspace } from '../../customerio/index.ts'
import type { Snapshot } from '../../snapshot/index.ts'
import type { Pull, PullOptions } from './pull.ts'
import { workspaceRow } from './rows.ts'
import { readStream, sortRecords } from './stream.ts'

/** What the key can see of its workspace, or the failure that the stream ends in. */
export type Workspaces = { readonly page: Page<Workspace> } | { readonly failure: ApiError }

/** The first request of every pull: a key that is refused or a host that is not there ends it here. */
export async function askWorkspaces(client: CustomerIo): Promise<Workspaces> {
  try {
    return { page: await client.workspaces() }
  } catch (cause) {
    if (cause instanceof ApiError && cause.kind !== 'unreachable') return { failure: cause }
    throw cause
  }
}

/**
 * A key belongs to one workspace, but the reply lists all of the account. With several and no Track key to tell
 * which, none is taken: a wrong count of people would be worse than none.
 */
export function ownWorkspace(found: Workspaces, options: Pick<PullOptions, 'workspaceId'>): Workspace | null {
  if ('failure' in found) return null
  const all = found.page.records.flatMap((record) => (record.fits ? [record.value] : []))
  if (options.workspaceId !== undefined && options.workspaceId !== null) {
    return all.find(({ id }) => id === options.workspaceId) ?? null
  }
  return all.length === 1 ? (all[0] ?? null) : null
}

export async function storeWorkspace(pull: Pull, found: Workspaces, own: Workspace | null): Promise<void> {
  await readStream(pull, streamNames.workspace, null, async (stream) => {
    if ('failure' in found) throw found.failure
    const { records } = found.page
    const { rows, rejects } = sortRecords(
      records,
      (n) => `record ${n}`,
      (workspace, text) => ({ workspace, row: workspaceRow(workspace, text) }),
    )
    const kept = rows.filter(({ workspace }) => workspace.id === own?.id)
    if (own === null) {
      pull.options.onProgress({
        kind: 'notice',
        message: `The key sees ${rows.length} workspaces, so which one it belongs to is not known and counts are not compared. Set CIO_SITE_ID and CIO_TRACK_API_KEY to tell.`,
      })
    }
    await stream.page({
      read: records.length,
      rows: { workspace: kept.map(({ row }) => row) },
      rejects,
      end: { complete: true, ended: streamEnds.endOfCursor },
    })
  })
}

/**
 * A state folder holds one workspace: another one must not replace it unasked.
 *
 * @returns that the unfinished pull is known to be of the workspace of the key.
 */
export async function assertSameWorkspace(snapshot: Snapshot, own: Workspace | null): Promise<boolean> {
  const idOf = raw('select id::varchar as id from workspace limit 1')
  const [unfinished] = await snapshot.rows(idOf)
  const [finished] = (await snapshot.lastFinished((database) => database.rows(idOf))) ?? []
  const known = unfinished?.['id'] ?? finished?.['id'] ?? null
  if (known === null || own === null || String(own.id) === known)
    return own !== null && unfinished !== undefined
  throw new UsageError(
    'SNAPSHOT_OTHER_WORKSPACE',
    `The state folder ${snapshot.stateDir} holds workspace ${String(known)}, but the key belongs to workspace ${own.id}.`,
    unfinished
      ? 'Name another folder with --state-dir, or drop what is there with --fresh.'
      : 'Name another folder with --state-dir.',
  )
}
