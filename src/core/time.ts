/** Unix seconds or a Date to the one spelling of time in reports: `2026-11-23T12:00:00Z`. */
export function isoSeconds(time: number | Date): string {
  const date = typeof time === 'number' ? new Date(time * 1000) : time
  return `${date.toISOString().slice(0, 19)}Z`
}
