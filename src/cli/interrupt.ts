import { exitCodes, InterruptedError } from '../core/errors.ts'
import { describeFailure } from './failure.ts'

/** How long work that was told to stop may take to do so, before the process ends anyway. Pages are committed whole. */
const graceMs = 5000

/**
 * Runs `work` with a signal that Ctrl-C and SIGTERM abort; a second Ctrl-C ends the process at once.
 *
 * @param meaning `failure`: the work was cut short. `end`: it is how a server is told to stop.
 */
export async function withInterrupt<T>(
  work: (signal: AbortSignal) => Promise<T>,
  meaning: 'failure' | 'end' = 'failure',
): Promise<T> {
  const controller = new AbortController()
  // The only way out of a query that runs in the engine; everything that counts is committed by then.
  const leave = (): never => {
    // What `main` would have said, had the work come to its end.
    if (meaning === 'failure')
      process.stderr.write(describeFailure(new InterruptedError(), { verbose: false, secrets: [] }).text)
    // oxlint-disable-next-line unicorn/no-process-exit
    return process.exit(exitCodes.interrupted)
  }
  const stop = (): void => {
    if (controller.signal.aborted) leave()
    controller.abort(new InterruptedError())
    setTimeout(leave, graceMs).unref()
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.on(name, stop)
  try {
    const value = await work(controller.signal)
    if (meaning === 'failure') controller.signal.throwIfAborted()
    return value
  } catch (error) {
    // Whatever breaks because of the interruption is the interruption.
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    for (const name of signals) process.off(name, stop)
  }
}
