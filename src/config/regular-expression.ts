/**
 * Patterns run in DuckDB, whose engine (RE2) answers in linear time because it has no lookaround and no
 * backreferences. A pattern that it does not know must fail here, with its place, and not in the middle of an audit.
 *
 * @returns what is wrong, or null.
 */
export function patternProblem(pattern: string): string | null {
  if (pattern === '') return 'a pattern must not be empty'
  if (pattern.length > 1000) return 'a pattern may be 1,000 characters long at most'
  return scan(pattern) ?? compile(pattern)
}

/** Letters that RE2 knows after a backslash; punctuation is always fine. */
const knownEscapes = new Set('aftnrvxAbBCdDpPQEsSwWz0')

function scan(pattern: string): string | null {
  let inClass = false
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index]
    if (character === '\\') {
      const problem = escapeProblem(pattern[index + 1])
      if (problem !== null) return problem
      index += 1
    } else if (inClass) inClass = character !== ']'
    else if (character === '[') {
      inClass = true
      // A bracket that comes first in a class stands for itself.
      if (pattern[index + 1] === '^') index += 1
      if (pattern[index + 1] === ']') index += 1
    } else if (character === '(') {
      const group = /^\((\?(?:<?[=!]|>|\|))/.exec(pattern.slice(index, index + 4))?.[1]
      if (group !== undefined)
        return `a pattern must not look around or ahead (${group}): the engine (RE2) does not know it`
    } else if (character === '{') {
      const numbers = /^\{(\d+)(?:,(\d*))?\}/.exec(pattern.slice(index, index + 24))?.slice(1) ?? []
      if (numbers.some((count) => Number(count) > 1000))
        return 'a pattern may repeat a part 1,000 times at most'
    }
  }
  return null
}

function escapeProblem(escaped: string | undefined): string | null {
  if (escaped === undefined) return 'a pattern must not end with a backslash'
  if (/[1-9k]/.test(escaped))
    return `a pattern must not refer back to a group (\\${escaped}): the engine (RE2) does not know it`
  if (/[A-Za-z]/.test(escaped) && !knownEscapes.has(escaped))
    return `the engine (RE2) does not know \\${escaped}`
  return null
}

/** The remaining syntax (brackets, parentheses, repetitions) is the same in JavaScript once RE2's own spellings are. */
function compile(pattern: string): string | null {
  const same = pattern
    .replaceAll(/\(\?[imsU]*(?:-[imsU]+)?([:)])/g, (_, end: string) => (end === ':' ? '(?:' : '(?:)'))
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\[(\^?)\]/g, '[$1\\]')
  try {
    RegExp(same)
    return null
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split(': ').at(-1) : String(cause)
    return `this is no regular expression (${reason?.toLowerCase()})`
  }
}

/**
 * A plan's pattern is RE2's, a schema's is JavaScript's: null where that one would not compile, or not in every program
 * (`(?i:…)` is new there). Validators refuse a whole schema for one such pattern.
 */
export function portablePattern(pattern: string): string | null {
  const whole = `^(?:${pattern})$`
  if (/\(\?[a-zA-Z-]+[:)]/.test(pattern)) return null
  try {
    RegExp(whole, 'u')
    return whole
  } catch {
    return null
  }
}
