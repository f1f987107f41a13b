import { closing } from './brackets.ts'
import type { Change } from './mutant.ts'

/** Changes of TypeScript code; `code` holds `¤` where no code stands. */
export function codeMutations(code: string): Change[] {
  return [...operators(code), ...conditions(code), ...limits(code)]
}

/** Operators stand between spaces (the formatter sees to it); type arguments and arrows do not look like them. */
const opposite: ReadonlyMap<string, string> = new Map([
  ['===', '!=='],
  ['!==', '==='],
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['&&', '||'],
  ['||', '&&'],
  ['??', '&&'],
])

function operators(code: string): Change[] {
  return [...code.matchAll(/(?<=\s)(===|!==|<=|>=|<|>|&&|\|\||\?\?)(?=\s)/g)].map((match) => ({
    start: match.index,
    end: match.index + match[1]!.length,
    text: opposite.get(match[1]!)!,
    what: `${match[1]} for ${opposite.get(match[1]!)}`,
  }))
}

function conditions(code: string): Change[] {
  const changes: Change[] = []
  for (const match of code.matchAll(/\bif \(/g)) {
    const open = match.index + match[0].length - 1
    const close = closing(code, open)
    if (close < 0) continue
    for (const value of ['true', 'false'])
      changes.push({ start: open + 1, end: close, text: value, what: `if (${value})` })
  }
  for (const match of code.matchAll(/\.(?:filter|every|some)\(/g)) {
    const open = match.index + match[0].length - 1
    const close = closing(code, open)
    if (close < 0) continue
    if (match[0] === '.filter(')
      changes.push({ start: match.index, end: close + 1, text: '', what: 'no filter' })
    else {
      const other = match[0] === '.some(' ? '.every(' : '.some('
      changes.push({ start: match.index, end: open + 1, text: other, what: `${other})` })
    }
  }
  for (const match of code.matchAll(/(?<=[(\s,])!(?=[\w(])/g)) {
    changes.push({ start: match.index, end: match.index + 1, text: '', what: 'no !' })
  }
  // A condition that is a bare name: `certain ? …`; what compares is covered by its operator.
  for (const match of code.matchAll(/(?<=(?:[(:,{]|(?<![=!<>])=|=>)\s*|\n\s*)([A-Za-z_][\w.]*)(?= \? )/g)) {
    changes.push({ start: match.index, end: match.index, text: '!', what: `!${match[1]}` })
  }
  return changes
}

/** Numbers with a name that says limit: `const maxShapes = 500`. */
function limits(code: string): Change[] {
  const named = /\b(?:const|readonly)? ?\w*(?:max|min|limit|window|share)\w*\s*[=:]\s*(\d[\d_]*)\b(?!\.)/gi
  return [...code.matchAll(named)].map((match) => {
    const start = match.index + match[0].length - match[1]!.length
    const value = Number(match[1]!.replaceAll('_', '')) + 1
    return { start, end: start + match[1]!.length, text: String(value), what: `${match[1]} + 1` }
  })
}
