import type { MergeSuggestion, Safety } from '../core/merge.ts'
import { safeJson } from './escape.ts'
import type { OutputFile, ReportInput } from './reporter.ts'

/** Where the merges of each class stand, ready for `POST /api/v2/batch` of the Track API: one body per line. */
const batchFiles: Readonly<Record<Safety, string>> = {
  safe: 'merge-suggestions.jsonl',
  review: 'merge-suggestions-review.jsonl',
}

/** Customer.io takes 500 KB for a batch and 32 KB for an operation; some room is left for the envelope. */
const mostBatchBytes = 480_000
const mostOperationBytes = 32_000

export const mergeColumns = [
  'safety',
  'primary_cio_id',
  'primary_id',
  'primary_email',
  'secondary_cio_id',
  'secondary_id',
  'secondary_email',
  'joined_by',
  'kept_because',
  'review',
  'conflicts',
  'devices_moved',
  'file',
] as const

export function mergeCells(merge: MergeSuggestion): readonly (string | number | null)[] {
  const { primary, secondary, safety, joinedBy, keptBecause, review, conflicts, devices } = merge
  return [
    safety,
    primary.cio_id,
    primary.id,
    primary.email,
    secondary.cio_id,
    secondary.id,
    secondary.email,
    joinedBy,
    keptBecause,
    review.join(' '),
    conflicts.join('; '),
    devices?.length ?? null,
    operationsOf(merge) === null ? null : batchFiles[safety],
  ]
}

/**
 * The suggestions as files that somebody may send; nothing here ever does. Always written, if empty: yesterday's merges
 * beside today's report would be an invitation to merge the wrong people.
 */
export function mergeBatches({ merges }: Pick<ReportInput, 'merges'>): readonly OutputFile[] {
  return (['safe', 'review'] as const).map((safety) => ({
    path: batchFiles[safety],
    content: () => lines(merges(), safety),
  }))
}

async function* lines(
  merges: AsyncIterable<readonly MergeSuggestion[]>,
  safety: Safety,
): AsyncIterable<string> {
  let batch: string[] = []
  let bytes = 0
  for await (const chunk of merges) {
    for (const merge of chunk) {
      const operations = merge.safety === safety ? operationsOf(merge) : null
      if (operations === null) continue
      const size = operations.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0)
      if (bytes + size > mostBatchBytes && batch.length > 0) {
        yield line(batch)
        batch = []
        bytes = 0
      }
      batch.push(...operations)
      bytes += size
    }
  }
  if (batch.length > 0) yield line(batch)
}

const line = (operations: readonly string[]): string => `{"batch":[${operations.join(',')}]}\n`

/**
 * The devices first, then the merge: afterwards nobody knows any more what the secondary held. Null where the merge
 * cannot be written down: something of it is masked.
 */
function operationsOf({ primary, secondary, devices }: MergeSuggestion): string[] | null {
  const [kept, merged] = [primary.identity, secondary.identity]
  if (kept === null || merged === null || devices === null) return null
  const moves = devices.map(({ token, platform, lastUsed, attributes }) => {
    const bare = {
      token,
      ...(platform === 'ios' || platform === 'android' ? { platform } : {}),
      ...(lastUsed === null ? {} : { last_used: lastUsed }),
    }
    const add = (device: object): string =>
      text({ type: 'person', action: 'add_device', identifiers: kept, device })
    const whole = add({ ...bare, attributes })
    return Buffer.byteLength(whole) > mostOperationBytes ? add(bare) : whole
  })
  return [...moves, text({ type: 'person', action: 'merge', primary: kept, secondary: merged })]
}

const text = (operation: object): string => safeJson(JSON.stringify(operation))
