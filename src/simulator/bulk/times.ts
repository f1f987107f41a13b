const minuteMs = 60_000
const padded = (value: number, length: number): string => String(value).padStart(length, '0')

/** Writes times as `toISOString` does, several times as fast: ten million rows have three of them each. */
export class IsoWriter {
  readonly #minutes = new Map<number, string>()
  readonly #seconds = Array.from({ length: 60 }, (_, second) => `${padded(second, 2)}.`)
  readonly #millis = Array.from({ length: 1000 }, (_, millis) => `${padded(millis, 3)}Z`)

  write(timeMs: number): string {
    const minute = Math.floor(timeMs / minuteMs)
    let prefix = this.#minutes.get(minute)
    if (prefix === undefined) {
      prefix = new Date(minute * minuteMs).toISOString().slice(0, 17)
      this.#minutes.set(minute, prefix)
    }
    const rest = timeMs - minute * minuteMs
    return `${prefix}${this.#seconds[Math.floor(rest / 1000)]}${this.#millis[rest % 1000]}`
  }
}
