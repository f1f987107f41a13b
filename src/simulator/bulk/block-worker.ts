/** A thread that makes blocks, one after the other; it runs on being loaded, and nothing imports it. */
import { parentPort } from 'node:worker_threads'
import { writeBlock, type BlockJob } from './write-block.ts'

parentPort?.on('message', (job: BlockJob) => {
  // What fails here ends the thread, and the one who started it hears of it.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  void writeBlock(job).then((result) => parentPort?.postMessage(result))
})
