/**
 * How much of `room` each may take, where all want more than there is: whoever wants little gets it whole, and the others
 * share alike. So a rule with a million findings leaves the three of another rule their place.
 */
export function shares(wanted: ReadonlyMap<string, number>, room: number): Map<string, number> {
  const given = new Map<string, number>()
  let left = room
  const waiting = [...wanted].toSorted(([one, few], [other, many]) => few - many || (one < other ? -1 : 1))
  waiting.forEach(([name, count], at) => {
    const share = Math.min(count, Math.floor(left / (waiting.length - at)))
    given.set(name, share)
    left -= share
  })
  return given
}
