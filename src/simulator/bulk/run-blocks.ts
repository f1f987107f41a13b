import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { writeBlock, type BlockJob, type BlockResult } from './write-block.ts'

/** The thread's module beside this one: `.ts` in the sources, `.js` where they are built. */
const workerUrl = new URL(`./block-worker${extname(import.meta.url)}`, import.meta.url)

/** A block needs less than half of it; without a limit garbage is collected so late that memory doubles. */
const blockLimits = { maxOldGenerationSizeMb: 1_000 }

/** A shop of 6,000 took three and a half seconds on a busy machine (2026-11-30): so long Ctrl-C can wait. */
const fewPeople = 5_000

/** After its last job a thread has nothing to wait for; one that still runs by then is stopped. */
const longestEndMs = 10_000

/** Does the jobs in so many threads; results come in the order of the jobs, whoever was first. */
export async function runBlocks(
  jobs: readonly BlockJob[],
  threads: number,
  signal: AbortSignal,
): Promise<BlockResult[]> {
  const [only] = jobs
  if (jobs.length === 1 && only !== undefined && only.population.people <= fewPeople) {
    signal.throwIfAborted()
    const result = await writeBlock(only)
    signal.throwIfAborted()
    return [result]
  }
  const results: BlockResult[] = []
  const waiting = [...jobs]
  const workers: Worker[] = []
  const serve = async (): Promise<void> => {
    const worker = new Worker(workerUrl, jobs.length > 1 ? { resourceLimits: blockLimits } : {})
    workers.push(worker)
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      results[job.number] = await answerOf(worker, job, signal)
    }
    await endOf(worker)
  }
  try {
    await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, serve))
    return results
  } finally {
    // Those that have ended take no notice.
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/**
 * Waits until a thread has ended by itself. A process died of a trap of V8's in such a thread (2026-11-30), most likely because
 * it was stopped while the engine in it was still closing.
 */
async function endOf(worker: Worker): Promise<void> {
  const ended = once(worker, 'exit', { signal: AbortSignal.timeout(longestEndMs) })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(null)
  await ended.catch((cause: unknown) => {
    if (!(cause instanceof Error) || cause.name !== 'AbortError') throw cause
  })
}

function answerOf(worker: Worker, job: BlockJob, signal: AbortSignal): Promise<BlockResult> {
  const { promise, resolve, reject } = Promise.withResolvers<BlockResult>()
  const onAbort = (): void => reject(signal.reason as Error)
  const onExit = (code: number): void =>
    reject(new Error(`A thread of the simulator ended by itself (${code}).`))
  worker.once('message', resolve).once('error', reject).once('exit', onExit)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(job)
  return promise.finally(() => {
    worker.off('message', resolve).off('error', reject).off('exit', onExit)
    signal.removeEventListener('abort', onAbort)
  })
}
