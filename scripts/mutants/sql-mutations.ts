import { closing } from './brackets.ts'
import { blank, type Literal } from './literals.ts'
import type { Change } from './mutant.ts'

/** Changes of the SQL in a literal; positions are those of the file. */
export function sqlMutations(literal: Literal): Change[] {
  const text = withoutText(literal.text)
  return [...guards(text), ...comparisons(text), ...fallbacks(text)].map((change) => ({
    ...change,
    start: change.start + literal.start,
    end: change.end + literal.start,
  }))
}

/** What stands under these names is told to people, also where it sounds like SQL. */
const prose =
  /(?:\b(?:why|decides|blind|title|failureTitle|message|remediation|label|unit|units|reason)\s*:\s*(?:\([^()]*\)\s*=>\s*)?|describe\(\s*|Error\(\s*|from |\? |: )$/

export function isSql({ before, text }: Literal): boolean {
  if (/\b(?:sql|raw)\(?\s*$/.test(before)) return true
  if (prose.test(before)) return false
  return (
    /\b(?:select|from|where|coalesce|case when|over|filter|is null|is not null)\b/.test(text) &&
    /[=<>(]/.test(text)
  )
}

/** Texts and comments inside SQL are data: `'a and b'`. */
function withoutText(sql: string): string {
  return sql.replaceAll(/'(?:[^']|'')*'|--[^\n]*/g, (found) => blank.repeat(found.length))
}

/** Each condition after these words is a guard: removed, it is always true (after `or`: never). */
const openings = /\b(and|or|where|having|qualify|when)\b\s+/g

function guards(sql: string): Change[] {
  const changes: Change[] = []
  for (const match of sql.matchAll(openings)) {
    const word = match[1]!
    if (word === 'and' && betweenBefore(sql, match.index)) continue
    const start = match.index + match[0].length
    const end = conditionEnd(sql, start)
    if (end <= start || (word === 'when' && isValue(sql.slice(start, end)))) continue
    const value = word === 'or' ? 'false' : 'true'
    changes.push({ start, end, text: value, what: `${word} ${value}` })
  }
  for (const match of sql.matchAll(/\bnot\s+(?!null|exists \(|distinct)/g)) {
    changes.push({ start: match.index, end: match.index + match[0].length, text: '', what: 'no not' })
  }
  return changes
}

/** `case name when 'a' then …` compares with a value and is no condition of its own. */
function isValue(condition: string): boolean {
  return condition.replaceAll(blank, '') === ''
}

/** The `and` of `between 2 and 5` joins two numbers. */
function betweenBefore(sql: string, index: number): boolean {
  return /\bbetween\s+[^\s()]+\s*$/.test(sql.slice(Math.max(0, index - 80), index))
}

const ends =
  /^(?:and|or|group|order|having|qualify|limit|union|then|else|where|window|left|join|inner|cross|as|from|when|on|using|returning)\b/

function conditionEnd(sql: string, from: number): number {
  let depth = 0
  let index = from
  while (index < sql.length) {
    const rest = sql.slice(index)
    const word = /^\w+/.exec(rest)?.[0] ?? ''
    if (sql[index] === '(' || word === 'case') depth += 1
    if (
      depth === 0 &&
      (/^[),;]/.test(rest) || word === 'end' || (ends.test(rest) && !isBetween(sql, from, index)))
    )
      break
    if (sql[index] === ')' || word === 'end') depth -= 1
    index += Math.max(word.length, 1)
  }
  return from + sql.slice(from, index).trimEnd().length
}

function isBetween(sql: string, from: number, index: number): boolean {
  return sql.startsWith('and', index) && betweenBefore(sql.slice(from), index - from)
}

const opposite: ReadonlyMap<string, string> = new Map([
  ['=', '<>'],
  ['<>', '='],
  ['!=', '='],
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
])

function comparisons(sql: string): Change[] {
  const changes: Change[] = []
  const put = (match: RegExpMatchArray, text: string): void => {
    const start = match.index ?? 0
    changes.push({ start, end: start + match[0].length, text, what: `${match[0].trim()} for ${text.trim()}` })
  }
  for (const match of sql.matchAll(/(?<=\s)(?:<>|!=|<=|>=|<|>|=)(?=\s)/g)) put(match, opposite.get(match[0])!)
  for (const match of sql.matchAll(/\bis not null\b/g)) put(match, 'is null')
  for (const match of sql.matchAll(/\bis null\b/g)) put(match, 'is not null')
  for (const match of sql.matchAll(/\bis not distinct from\b/g)) put(match, 'is distinct from')
  for (const match of sql.matchAll(/\bis distinct from\b/g)) put(match, 'is not distinct from')
  for (const match of sql.matchAll(/\bbool_or\b/g)) put(match, 'bool_and')
  for (const match of sql.matchAll(/\bbool_and\b/g)) put(match, 'bool_or')
  for (const match of sql.matchAll(/\bnot exists\b/g)) put(match, 'exists')
  return changes
}

/** `coalesce(a, b)` without its fallback. */
function fallbacks(sql: string): Change[] {
  const changes: Change[] = []
  for (const match of sql.matchAll(/\bcoalesce\(/g)) {
    const open = match.index + match[0].length - 1
    const close = closing(sql, open)
    const comma = close < 0 ? -1 : lastComma(sql, open + 1, close)
    if (comma > 0) changes.push({ start: comma, end: close, text: '', what: 'no fallback in coalesce' })
  }
  return changes
}

function lastComma(sql: string, from: number, to: number): number {
  let depth = 0
  let found = -1
  for (let index = from; index < to; index += 1) {
    if (sql[index] === '(' || sql[index] === '[') depth += 1
    if (sql[index] === ')' || sql[index] === ']') depth -= 1
    if (sql[index] === ',' && depth === 0) found = index
  }
  return found
}
