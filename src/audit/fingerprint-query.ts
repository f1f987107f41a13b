import { fingerprintKey, fingerprintLength, fingerprintPrefix } from '../core/fingerprint.ts'
import { raw, sql, type Query } from '../engine/sql.ts'

/** Bytes that SHA-256 takes in at once (FIPS 180-4); HMAC fills its key up to one such block (RFC 2104). */
const blockBytes = 64

/**
 * `fingerprint` as the engine works it out, for a million rows: HMAC is a hash of a hash, and all in front of the identity is
 * known beforehand.
 *
 * @param identity - SQL of a text that is never null.
 */
export function fingerprintOf(
  workspaceId: number | null,
  rule: string,
  kind: string,
  identity: Query,
): Query {
  const key = Buffer.alloc(blockBytes)
  // Shorter than a block, else it would have to be hashed first.
  key.write(fingerprintKey(workspaceId))
  const inner = Buffer.concat([key.map((byte) => byte ^ 0x36), Buffer.from(fingerprintPrefix(rule, kind))])
  const outer = key.map((byte) => byte ^ 0x5c)
  return sql`left(sha256(${bytes(outer)} || unhex(sha256(${bytes(inner)} || encode(${identity})))), ${raw(String(fingerprintLength))})`
}

/** Digits and letters alone, so that nothing can end the literal. */
const bytes = (block: Uint8Array): Query => raw(`unhex('${Buffer.from(block).toString('hex')}')`)
