/**
 * Divides room among parts that want some of it: a small part gets all that it wants, and the large ones share the rest
 * alike, so that none of them hides the others.
 */
export function shares(wanted: readonly number[], room: number): number[] {
  const smallestFirst = wanted.map((want, at) => ({ want, at })).toSorted((a, b) => a.want - b.want)
  const given = wanted.map(() => 0)
  let left = room
  smallestFirst.forEach(({ want, at }, done) => {
    const share = Math.min(want, Math.floor(left / (wanted.length - done)))
    given[at] = share
    left -= share
  })
  return given
}
