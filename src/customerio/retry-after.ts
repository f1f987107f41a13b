/** No server may make us wait longer than this in one go; a daily quota is given up on instead. */
const longestWaitMs = 60_000

/** `Retry-After` in seconds or as an HTTP date. Null when it is absent or makes no sense. */
export function retryAfterMs(header: unknown, now: number): number | null {
  if (typeof header !== 'string' || header.trim() === '') return null
  const text = header.trim()
  const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  if (Number.isNaN(wait)) return null
  return Math.min(longestWaitMs, Math.max(0, wait))
}

/** Exponential back-off with full jitter: between nothing and 500 ms, 1 s, 2 s … 30 s. */
export function backOffMs(attempt: number, random: () => number, baseMs = 500): number {
  return Math.round(random() * stepMs(attempt, baseMs))
}

/**
 * After a 429 that says no time: between half of the same step and the whole. The wait holds every request of the
 * process, not one, so a draw near nothing would send them all into the second that is full, and a few such draws in
 * a row end a stream that one second more would have saved.
 */
export function limitedBackOffMs(attempt: number, random: () => number, baseMs = 500): number {
  return Math.round((0.5 + random() / 2) * stepMs(attempt, baseMs))
}

const stepMs = (attempt: number, baseMs: number): number => Math.min(30_000, baseMs * 2 ** (attempt - 1))
