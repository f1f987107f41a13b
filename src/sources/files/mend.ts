import { hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip } from 'node:zlib'
import type { Reject } from '../../snapshot/index.ts'
import { csvRecords } from './mend-csv.ts'
import { trailerBytes } from './head.ts'
import { jsonRecords } from './mend-json.ts'
import type { SourceFile } from './recognise.ts'

/** A record of a text file that was read by itself: what may be written down, or why it may not. */
export type Mended = { readonly text: string } | { readonly reject: Reject }

export interface Clean {
  /** The file that holds the sound records. */
  readonly file: SourceFile
  readonly records: number
  /** The first of those that were left out. */
  readonly rejects: readonly Reject[]
  readonly rejected: number
}

/** A file that is rubbish from end to end is told by its first lines. */
const mostRejects = 1000

/** The engine reads UTF-8 only, and takes a byte order mark before JSON for damage. */
export function needsMending(file: SourceFile): boolean {
  return file.encoding !== 'utf-8' || (file.hasBom && file.format === 'jsonl')
}

/** Reads a text file record by record and writes the sound ones into a file that the engine can read. */
export async function mend(file: SourceFile, tempDir: string, signal: AbortSignal): Promise<Clean> {
  await mkdir(tempDir, { recursive: true })
  // Two folders may hold files of one name, and rejects are told apart by the path.
  const own = hash('sha256', file.path).slice(0, 16)
  const path = join(tempDir, `${own}-${basename(file.path).replace(/\.gz$/i, '')}`)
  await rm(path, { force: true })
  const rejects: Reject[] = []
  let records = 0
  let rejected = 0
  async function* clean(): AsyncIterable<string> {
    const text = bytesOf(file, signal)
    for await (const one of file.format === 'jsonl' ? jsonRecords(file, text) : csvRecords(file, text)) {
      if ('text' in one) {
        records += 1
        yield one.text
      } else {
        rejected += 1
        if (rejects.length < mostRejects) rejects.push(one.reject)
      }
    }
  }
  await pipeline(Readable.from(header(file, clean())), createWriteStream(path), { signal })
  const plain = { isGzip: false, encoding: 'utf-8', hasBom: false, delimiter: ',' } as const
  return {
    file: { ...file, ...plain, path, delimiter: file.format === 'csv' ? ',' : null },
    records,
    rejects,
    rejected,
  }
}

async function* header(file: SourceFile, records: AsyncIterable<string>): AsyncIterable<string> {
  if (file.format === 'csv') yield `${file.columns.size > 0 ? csvHeaderOf(file) : ''}\n`
  yield* records
}

const csvHeaderOf = (file: SourceFile): string =>
  [...file.columns.keys()].map((name) => `"${name.replaceAll('"', '""')}"`).join(',')

/** The bytes of the file as UTF-8, without byte order mark; of a torn gzip file as far as they go. */
async function* bytesOf(file: SourceFile, signal: AbortSignal): AsyncIterable<Buffer> {
  // What `checkIntegrity` has found wrong with the checksum must not keep the inflater from giving what it has.
  const end = file.isGzip ? { end: Math.max(0, file.bytes - trailerBytes - 1) } : {}
  const raw = createReadStream(file.path, { signal, highWaterMark: 1 << 16, ...end })
  const source = file.isGzip
    ? toTheDamage(raw.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })))
    : raw
  const decoder = file.encoding === 'utf-8' ? null : new TextDecoder(file.encoding)
  let skip = file.encoding === 'utf-8' && file.hasBom ? 3 : 0
  for await (const part of source as AsyncIterable<Buffer>) {
    const bytes = decoder === null ? part.subarray(skip) : Buffer.from(decoder.decode(part, { stream: true }))
    skip = 0
    yield bytes
  }
}

async function* toTheDamage(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  try {
    yield* source
  } catch (cause) {
    // Told by `checkIntegrity`; what came before the damage is still read.
    if (!(cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))) throw cause
  }
}
