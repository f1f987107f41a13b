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
  return createHmac('sha256', fingerprintKey(workspaceId))
    .update(fingerprintPrefix(rule, kind) + identity)
    .digest('hex')
    .slice(0, fingerprintLength)
}

export const fingerprintKey = (workspaceId: number | null): string => `cio-audit:${workspaceId ?? 'files'}`
export const fingerprintPrefix = (rule: string, kind: string): string => `${rule}\u0000${kind}\u0000`
export const fingerprintLength = 32
