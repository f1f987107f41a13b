import { CioAuditError, SourceError } from '../core/errors.ts'

/**
 * DuckDB says what went wrong only in words. The causes that a user can mend get a sentence of their own;
 * whatever is left is ours, and stays what it is.
 */
export function engineError(cause: unknown): unknown {
  if (cause instanceof CioAuditError) return cause
  const text = cause instanceof Error ? cause.message : String(cause)
  if (/no space left|disk is full|could not write|failed to write/i.test(text)) {
    return new SourceError(
      'ENGINE_DISK',
      'The disk is full: the state folder could not be written.',
      'Make room on the disk or name another folder with --state-dir, then run the same command again; what was read so far is kept.',
      { cause },
    )
  }
  if (/out of memory/i.test(text)) {
    return new SourceError(
      'ENGINE_MEMORY',
      'The audit needs more memory than it was given.',
      'Give it more with --memory, for example --memory 2GB.',
      { cause },
    )
  }
  if (/could not set lock|conflicting lock/i.test(text)) {
    return new SourceError(
      'ENGINE_LOCKED',
      'Another program has the snapshot open.',
      'Wait until it has ended, or name another folder with --state-dir.',
      { cause },
    )
  }
  if (
    /not a valid duckdb database file|corrupt|checksum|newer version of duckdb|serialization error/i.test(
      text,
    )
  ) {
    return new SourceError(
      'ENGINE_DAMAGED',
      'The snapshot file is damaged or was written by another version of the engine.',
      'Run the command again with --fresh to read the workspace anew.',
      { cause },
    )
  }
  return cause
}
