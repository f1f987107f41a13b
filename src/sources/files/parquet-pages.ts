import { open, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import { sql } from '../../engine/sql.ts'
import type { Snapshot } from '../../snapshot/index.ts'
import { literalPath } from './parquet-columns.ts'

/** A page header holds statistics, so the smallest and the largest value of its page. */
const headerBytes = 64 * 1024
const pieceBytes = 1 << 20

interface Chunk {
  readonly start: number
  readonly end: number
}

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
export async function checkPages(
  snapshot: Snapshot,
  path: string,
  signal: AbortSignal,
): Promise<string | null> {
  const chunks = await chunksOf(snapshot, path)
  const file = await open(path)
  try {
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

async function chunksOf(snapshot: Snapshot, path: string): Promise<Chunk[]> {
  const rows = await snapshot.rows(sql`
    select dictionary_page_offset, data_page_offset, total_compressed_size from parquet_metadata(${literalPath(path)})
    order by row_group_id, column_id`)
  return rows.map((row) => {
    const dictionary = Number(row['dictionary_page_offset'] ?? 0)
    const data = Number(row['data_page_offset'])
    const start = dictionary > 0 ? Math.min(dictionary, data) : data
    return { start, end: start + Number(row['total_compressed_size']) }
  })
}

/** A writer makes checksums for all pages or for none; one chunk whose header is damaged must not decide it. */
async function hasChecksums(file: FileHandle, chunks: readonly Chunk[]): Promise<boolean> {
  for (const { start, end } of chunks) {
    const page = await pageAt(file, start, end)
    if (page !== null && page.crc !== null) return true
  }
  return false
}

/** The header at this place, or null where there is none that makes sense. Fields: parquet.thrift, `PageHeader`. */
async function pageAt(file: FileHandle, at: number, end: number): Promise<Page | null> {
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(Math.min(headerBytes, end - at)),
    0,
    undefined,
    at,
  )
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
