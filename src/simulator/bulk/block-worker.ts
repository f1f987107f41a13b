/** A thread that makes blocks, one after the other, until it is told that there are no more; nothing imports it. */
import { parentPort } from 'node:worker_threads'
import { writeBlock, type BlockJob } from './write-block.ts'

parentPort?.on('message', (job: BlockJob | null) => {
  if (job === null) {
    // With nothing more to hear the thread ends by itself.
    parentPort?.close()
    return
  }
  // What fails here ends the thread, and the one who started it hears of it.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  void writeBlock(job).then((result) => parentPort?.postMessage(result))
})
