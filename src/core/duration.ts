const unitSeconds: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
])

/** What a duration looks like, for messages. */
export const durationForm = 'a duration such as 10s, 5m, 12h, 30d or 2w'

/** `10s`, `5m`, `12h`, `30d`, `2w` to whole seconds; null for anything else, and for what is longer than a century. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,10})([smhdw])$/.exec(text)
  const unit = unitSeconds.get(match?.[2] ?? '')
  if (match?.[1] === undefined || unit === undefined) return null
  const seconds = Number(match[1]) * unit
  return seconds <= 100 * 366 * 86_400 ? seconds : null
}
