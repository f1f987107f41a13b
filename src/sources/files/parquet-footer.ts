import type { FileHandle } from 'node:fs/promises'
import { parquetMetadata } from 'hyparquet/src/metadata.js'

/** Where the pages of one column of one row group lie, in bytes from the beginning of the file. */
export interface Chunk {
  readonly start: number
  readonly end: number
}

export interface Footer {
  /** Equal for files whose columns have the same names and types. */
  readonly schema: string
  readonly chunks: readonly Chunk[]
}

/** The footer of a file of ten columns has some kilobytes; of a longer one the rest is read too. */
const tailBytes = 64 * 1024
/** The length of the footer and `PAR1`. */
const endBytes = 8
/** No text in a footer is so long without a letter of ASCII. As one number it takes its reader the square of its length: 30 s for 256 KB. */
const longestNumber = 16 * 1024

/**
 * What the end of a Parquet file says of it. Read here and not by the engine, which takes some milliseconds for each file: a sync
 * leaves twelve thousand files a month, most of them of some kilobytes.
 *
 * @returns null where it makes no sense.
 */
export async function readFooter(file: FileHandle): Promise<Footer | null> {
  const { size } = await file.stat()
  const bytes = await footerOf(file, size)
  if (bytes === null || hasEndlessNumber(bytes)) return null
  const read = parsed(bytes)
  return read?.chunks.every(({ start, end }) => isPlace(start) && isPlace(end) && start <= end && end <= size)
    ? read
    : null
}

const isPlace = (place: number): boolean => Number.isSafeInteger(place) && place >= 0

async function footerOf(file: FileHandle, size: number): Promise<Buffer | null> {
  if (size < endBytes) return null
  const last = async (length: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.subarray(0, bytesRead)
  }
  const tail = await last(Math.min(tailBytes, size))
  if (tail.length < endBytes) return null
  const length = tail.readUInt32LE(tail.length - endBytes) + endBytes
  if (length > size) return null
  return length <= tail.length ? tail.subarray(-length) : await last(length)
}

function hasEndlessNumber(bytes: Buffer): boolean {
  let run = 0
  for (const byte of bytes) {
    run = byte < 0x80 ? 0 : run + 1
    if (run > longestNumber) return true
  }
  return false
}

function parsed(bytes: Buffer): Footer | null {
  try {
    const { schema, row_groups: groups } = parquetMetadata(bytes, { geoparquet: false })
    const columns = groups.flatMap((group) => group.columns.flatMap(({ meta_data: meta }) => meta ?? []))
    const chunks = columns.map((column) => {
      const [dictionary, data] = [Number(column.dictionary_page_offset ?? 0), Number(column.data_page_offset)]
      const start = dictionary > 0 ? Math.min(dictionary, data) : data
      return { start, end: start + Number(column.total_compressed_size) }
    })
    return { schema: JSON.stringify(schema), chunks }
  } catch {
    // Bytes that are no footer are refused in many ways, and nothing but bytes in memory was looked at.
    return null
  }
}
