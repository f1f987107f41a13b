import PQueue from 'p-queue'

/** The one pace of the process: every request, retries included, waits here for its turn. */
export interface Pace {
  /** Requests a second; null when nothing holds them back. */
  readonly perSecond: number | null
  /** Resolves when the request may start; rejects when `signal` aborts first. */
  turn(signal?: AbortSignal): Promise<void>
  /** Nothing starts for so long. A longer pause that is already on stays. */
  pause(milliseconds: number): void
}

/** Customer.io allows 10 a second and does not say per what; 9 leaves room for others on the same key. */
export const defaultRate = 9

export function createPace(perSecond: number | null): Pace {
  const queue = new PQueue(perSecond === null ? {} : spacing(perSecond))
  let pausedUntil = 0
  const resumeWhenDue = (): void => {
    const left = pausedUntil - Date.now()
    if (left > 0) setTimeout(resumeWhenDue, left)
    else queue.start()
  }
  return {
    perSecond,
    turn: async (signal) => {
      await queue.add(() => undefined, signal ? { signal } : {})
    },
    pause: (milliseconds) => {
      const until = Date.now() + milliseconds
      if (until <= pausedUntil) return
      pausedUntil = until
      if (queue.isPaused) return
      queue.pause()
      resumeWhenDue()
    },
  }
}

/**
 * Evenly spaced rather than in bursts: a request that arrives late can then bring at most one more into the
 * server's window. Above 50 a second timers are too coarse, so a few go together.
 * In any 1000 ms at most `cap * ceil(1000 / interval)` start, which never passes `perSecond`.
 */
export function spacing(perSecond: number): { intervalCap: number; interval: number; strict: true } {
  const intervalCap = Math.max(1, Math.ceil(perSecond / 50))
  const perInterval = Math.floor(perSecond / intervalCap)
  const interval = perInterval >= 1 ? Math.ceil(1000 / perInterval) : Math.ceil(1000 / perSecond)
  return { intervalCap, interval, strict: true }
}
