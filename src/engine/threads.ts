import { availableParallelism } from 'node:os'

/** What a thread was seen to hold when it reads Parquet pages of 64 MB and writes what is in them. */
const bytesPerThread = 180 * 1024 ** 2

/**
 * The engine shares work out by groups of 122,880 rows, which are about so much of a snapshot. Of fewer a second thread takes
 * nothing over, and waiting for each other costs a fifth: 71,000 activities (14 MB) took 7.8 s with one thread and 8.7
 * with two, 214,000 (67 MB) 13.4 and 12.4 s (medians of three, two idle cores, 2026-11-30; beside other work one thread was faster
 * with both).
 */
const fewestBytesToShare = 32e6

/** Fewer threads than cores where the memory would not do for all; undefined leaves the engine its own choice, one for each core. */
export function threadsFor({
  memoryBytes,
  dataBytes = Infinity,
}: {
  readonly memoryBytes?: number
  readonly dataBytes?: number
}): number | undefined {
  if (dataBytes < fewestBytesToShare) return 1
  if (memoryBytes === undefined) return undefined
  return Math.min(availableParallelism(), Math.max(1, Math.floor(memoryBytes / bytesPerThread)))
}
