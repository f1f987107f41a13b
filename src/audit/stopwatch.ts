export interface AuditTimings {
  /** Seconds. */
  readonly stages: Record<string, number>
  readonly rules: Record<string, number>
  readonly peakRssBytes: number
}

/** Time is only ever told in `timings.json`, so that reports stay the same from run to run. */
export class Stopwatch {
  readonly #stages: Record<string, number> = {}
  readonly #rules: Record<string, number> = {}

  async stage<T>(name: string, work: () => Promise<T>): Promise<T> {
    return await measure(this.#stages, name, work)
  }

  async rule<T>(name: string, work: () => Promise<T>): Promise<T> {
    return await measure(this.#rules, name, work)
  }

  timings(): AuditTimings {
    return { stages: this.#stages, rules: this.#rules, peakRssBytes: process.resourceUsage().maxRSS * 1024 }
  }
}

async function measure<T>(into: Record<string, number>, name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  try {
    return await work()
  } finally {
    into[name] = Number(((performance.now() - start) / 1000).toFixed(3))
  }
}
