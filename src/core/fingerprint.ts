import { createHmac } from 'node:crypto'

/**
 * The name of a finding that stays the same in every run: rule, kind of subject and its identity, keyed with the
 * workspace id, so that a fingerprint in a public log is no plain hash of somebody's address.
 *
 * @returns 32 hex digits (128 bits: no two of a billion findings meet).
 */
export function fingerprint(
  workspaceId: number | null,
  rule: string,
  kind: string,
  identity: string,
): string {
  return createHmac('sha256', `cio-audit:${workspaceId ?? 'files'}`)
    .update(`${rule}\u0000${kind}\u0000${identity}`)
    .digest('hex')
    .slice(0, 32)
}
