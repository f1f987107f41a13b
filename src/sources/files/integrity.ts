import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { SourceFile } from './recognise.ts'

type Checked = Pick<SourceFile, 'path' | 'isGzip' | 'bytes'>

/** Read at once, in bytes; a stream takes longer to set up than a small file to read. */
const piece = 1 << 20

export interface Integrity {
  readonly sha256: string
  /** Why the file as a whole cannot be trusted, or null. */
  readonly damage: string | null
}

/**
 * The hash of a file, and for gzip whether its own checksums hold: the engine reads a gzip file without comparing
 * them, so that a flipped bit would become other text without a word.
 */
export async function checkIntegrity(file: Checked, signal: AbortSignal): Promise<Integrity> {
  const { path, isGzip, bytes } = file
  const hash = createHash('sha256')
  if (!isGzip && bytes <= piece)
    return { sha256: hash.update(await readFile(path, { signal })).digest('hex'), damage: null }
  const source = createReadStream(path, { signal, highWaterMark: piece })
  source.on('data', (part) => hash.update(part))
  if (!isGzip) {
    await pipeline(source, nowhere(), { signal })
    return { sha256: hash.digest('hex'), damage: null }
  }
  try {
    await pipeline(source, createGunzip(), nowhere(), { signal })
    return { sha256: hash.digest('hex'), damage: null }
  } catch (cause) {
    if (signal.aborted || !isZlibError(cause)) throw cause
    const code = String((cause as NodeJS.ErrnoException).code)
    const damage =
      code === 'Z_BUF_ERROR' ? 'it is torn: its gzip data ends in the middle' : 'its gzip data is damaged'
    // What was hashed until then is not the whole file.
    return { sha256: (await checkIntegrity({ ...file, isGzip: false }, signal)).sha256, damage }
  }
}

const nowhere = (): Writable => new Writable({ write: (_part, _encoding, done) => done() })

const isZlibError = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_')
