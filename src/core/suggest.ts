/** The allowed name that a user most likely meant, or null when nothing is near. */
export function nearest(name: string, allowed: readonly string[]): string | null {
  const wanted = fold(name)
  // Long texts are no misspelt names, and the distance is quadratic.
  if (wanted.length === 0 || wanted.length > 100) return null
  let best: string | null = null
  let bestDistance = Infinity
  for (const candidate of allowed) {
    const distance = editDistance(wanted, fold(candidate))
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return bestDistance <= Math.max(1, Math.floor(wanted.length / 3)) ? best : null
}

/** " Did you mean …?", or nothing. */
export function didYouMean(name: string, allowed: readonly string[]): string {
  const best = nearest(name, allowed)
  return best === null ? '' : `; did you mean ${best}?`
}

/** `max_rate`, `Max-Rate` and `maxRate` are one name to a person. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '')
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const replace = (previous[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, replace))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
