import { CioAuditError } from '../../core/errors.ts'

/** Failures that say something about this machine and nothing about a file. */
const ofTheMachine = new Set(['ENGINE_DISK', 'ENGINE_MEMORY', 'ENGINE_LOCKED', 'SOURCE_INTERRUPTED'])
/** The engine did not understand us: that is a bug, and no file must take the blame for it. */
const ours = /^(?:Parser|Binder|Catalog|Not implemented|Internal|TransactionContext) Error/

/** Whether a failure ends the whole load, and not only one file of it. */
export function endsTheLoad(cause: unknown): boolean {
  if (cause instanceof CioAuditError) return ofTheMachine.has(cause.code)
  return cause instanceof Error && ours.test(cause.message)
}

export const isOutOfMemory = (cause: unknown): boolean =>
  cause instanceof CioAuditError && cause.code === 'ENGINE_MEMORY'

const known: readonly (readonly [RegExp, string])[] = [
  [
    /no magic bytes|too small to be a parquet|not a parquet file|footer/i,
    'it is torn: the end of the Parquet file is missing',
  ],
  [/decompress|zstd|snappy|lz4|gzip|inflate/i, 'it is damaged: its compressed data cannot be read'],
  [
    /invalid (?:unicode|utf-?8)|not valid utf-?8|invalid byte sequence/i,
    'it is damaged: it holds bytes that are no UTF-8 text',
  ],
  [/crc|checksum/i, 'it is damaged: a checksum does not match'],
]

/** Why the engine would not read a file, in one sentence without a path of this machine. */
export function engineReason(cause: unknown, path: string): string {
  const inner = cause instanceof CioAuditError && cause.cause instanceof Error ? cause.cause : cause
  const text = inner instanceof Error ? inner.message : String(inner)
  const [, sentence] = known.find(([pattern]) => pattern.test(text)) ?? []
  if (sentence !== undefined) return sentence
  const [line = ''] = text.replaceAll(path, 'the file').split('\n')
  return `it is damaged: ${line.replace(/^(?:[A-Z][\w ]*Error|Error): /, '').slice(0, 200)}`
}
