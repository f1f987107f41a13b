/** What people set up in a journey; the finest that the App API can tell is a second. */
export const guardSteps = [
  { label: '10 s', seconds: 10 },
  { label: '1 min', seconds: 60 },
  { label: '5 min', seconds: 300 },
  { label: '15 min', seconds: 900 },
  { label: '1 h', seconds: 3600 },
  { label: '6 h', seconds: 21_600 },
  { label: '12 h', seconds: 43_200 },
  { label: '24 h', seconds: 86_400 },
] as const

/** What a guard of one length would have done. */
export interface Guard {
  readonly label: string
  readonly stopped: number
  readonly copies: number
  readonly swallowed: number
  /** Events that follow another of that name on one profile and are no copies. */
  readonly repeats: number
}

/** A guard that lets more copies through is no guard. */
const wishedPercent = 99

/** The shortest guard that stops nearly all copies, with its price, and what its neighbours and the longest would do. */
export function adviceOf(guards: readonly Guard[]): string {
  const found = guards.findIndex(({ stopped, copies }) => stopped * 100 >= copies * wishedPercent)
  const chosen = found < 0 ? guards.length - 1 : found
  const others = [chosen - 1, chosen + 1, guards.length - 1]
    .filter((index, place, all) => index !== chosen && all.indexOf(index) === place)
    .flatMap((index) => guards[index] ?? [])
  const guard = guards[chosen]
  if (guard === undefined) return ''
  // A journey can ask this of its messages; the event that starts it has come by then.
  const quoted = `"has not received this message in the last ${guard.label}"`
  const stops = `stops ${percent(guard.stopped, guard.copies)} of`
  const start =
    found < 0
      ? `No guard of up to ${guard.label} stops ${wishedPercent} % of the copies: ${quoted} ${stops} them`
      : `Guard the journey with ${quoted}: it ${stops} the copies`
  const price =
    guard.repeats === 0
      ? 'there are no true repeats to swallow'
      : `swallows ${percent(guard.swallowed, guard.repeats)} of the true repeats`
  const compared = others.map(
    ({ label, stopped, copies, swallowed, repeats }) =>
      `${label}: ${percent(stopped, copies)}${repeats === 0 ? '' : ` and ${percent(swallowed, repeats)}`}`,
  )
  return `${start} and ${price} (${compared.join('; ')}).`
}

/** Rounded down, so that 100 % is all of them; a little is told from nothing. */
function percent(part: number, whole: number): string {
  const tenths = Math.floor((part * 1000) / whole)
  return tenths === 0 && part > 0 ? 'under 0.1 %' : `${tenths / 10} %`
}
