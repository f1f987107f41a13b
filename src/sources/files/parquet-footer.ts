import type { FileHandle } from 'node:fs/promises'
import { parquetMetadataAsync } from 'hyparquet/src/metadata.js'

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

/**
 * What the end of a Parquet file says of it. Read here and not by the engine, which takes some milliseconds for each file: a sync
 * leaves twelve thousand files a month, most of them of some kilobytes.
 *
 * @returns null where it makes no sense.
 */
export async function readFooter(file: FileHandle): Promise<Footer | null> {
  const { size } = await file.stat()
  const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(end - start), 0, end - start, start)
    return buffer.buffer.slice(0, bytesRead)
  }
  try {
    const { schema, row_groups: groups } = await parquetMetadataAsync(
      { byteLength: size, slice },
      { initialFetchSize: tailBytes, geoparquet: false },
    )
    const columns = groups.flatMap((group) => group.columns.flatMap(({ meta_data: meta }) => meta ?? []))
    const chunks = columns.map((column) => {
      const [dictionary, data] = [Number(column.dictionary_page_offset ?? 0), Number(column.data_page_offset)]
      const start = dictionary > 0 ? Math.min(dictionary, data) : data
      return { start, end: start + Number(column.total_compressed_size) }
    })
    return { schema: JSON.stringify(schema), chunks }
  } catch (cause) {
    // Bytes that are no footer are refused in many ways; what the machine refuses has a code.
    if (cause instanceof Error && 'syscall' in cause) throw cause
    return null
  }
}
