import { open, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import { readFooter, type Chunk } from './parquet-footer.ts'

/** A page header holds statistics, so the smallest and the largest value of its page. Most are as long as a line. */
const headerBytes = [1024, 64 * 1024] as const
const pieceBytes = 1 << 20

interface Page {
  readonly dataStart: number
  readonly bytes: number
  /** Absent where the writer made none; then only what the engine notices is noticed. */
  readonly crc: number | null
}

/**
 * Whether the checksums in the pages of a Parquet file hold, where it has any: the engine does not compare them
 * (tried with version 1.5.6), and a flipped bit in a text is still a text.
 *
 * @returns why the file cannot be trusted, or null.
 */
export async function checkPages(path: string, signal: AbortSignal): Promise<string | null> {
  const file = await open(path)
  try {
    const chunks = (await readFooter(file))?.chunks
    if (chunks === undefined) return 'it is damaged: its footer cannot be read'
    if (!(await hasChecksums(file, chunks))) return null
    for (const { start, end } of chunks) {
      for (let at = start; at < end;) {
        signal.throwIfAborted()
        const page = await pageAt(file, at, end)
        if (page === null || page.crc === null) return 'it is damaged: a page of it cannot be read'
        if ((await checksum(file, page)) !== page.crc >>> 0) return 'it is damaged: a checksum does not match'
        at = page.dataStart + page.bytes
      }
    }
    return null
  } finally {
    await file.close()
  }
}

/** So many sound headers without a checksum say that the file has none; a single one may be what damage left. */
const enough = 3

/** A writer makes checksums for all pages or for none; one chunk whose header is damaged must not decide it. */
async function hasChecksums(file: FileHandle, chunks: readonly Chunk[]): Promise<boolean> {
  let without = 0
  for (const { start, end } of chunks) {
    const page = await pageAt(file, start, end)
    if (page !== null && page.crc !== null) return true
    if (page !== null) without += 1
    if (without === enough) return false
  }
  return false
}

/** The header at this place, or null where there is none that makes sense. Fields: parquet.thrift, `PageHeader`. */
async function pageAt(file: FileHandle, at: number, end: number): Promise<Page | null> {
  for (const most of headerBytes) {
    const page = await pageWithin(file, at, end, most)
    if (page !== null || end - at <= most) return page
  }
  return null
}

async function pageWithin(file: FileHandle, at: number, end: number, most: number): Promise<Page | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(most, end - at)), 0, undefined, at)
  const reader = { view: new DataView(buffer.buffer, buffer.byteOffset, bytesRead), offset: 0 }
  const header = parsed(reader)
  const bytes = header?.['field_3']
  if (header === null || typeof bytes !== 'number' || bytes < 0) return null
  const dataStart = at + reader.offset
  if (dataStart + bytes > end) return null
  return { dataStart, bytes, crc: typeof header['field_4'] === 'number' ? header['field_4'] : null }
}

function parsed(reader: { view: DataView; offset: number }): Readonly<Record<string, unknown>> | null {
  try {
    return deserializeTCompactProtocol(reader)
  } catch (cause) {
    // Bytes that are no header. Anything else would be a mistake of the program.
    if (cause instanceof RangeError || (cause instanceof Error && cause.message.startsWith('thrift')))
      return null
    throw cause
  }
}

async function checksum(file: FileHandle, { dataStart, bytes }: Page): Promise<number> {
  const piece = Buffer.alloc(Math.min(pieceBytes, bytes))
  let crc = 0
  for (let at = 0; at < bytes; at += piece.length) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, bytes - at), dataStart + at)
    crc = crc32(piece.subarray(0, bytesRead), crc)
  }
  return crc
}
