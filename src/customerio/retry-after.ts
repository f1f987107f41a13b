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
  return Math.round(random() * Math.min(30_000, baseMs * 2 ** (attempt - 1)))
}
