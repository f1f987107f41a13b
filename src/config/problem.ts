import { type ErrorCode, UsageError } from '../core/errors.ts'

/** One thing that is wrong in a file, with where it stands. */
export interface Problem {
  readonly line: number
  readonly column: number
  /** Without place: `rules.events/noisy.maxRate: found 1.5, allowed is …`. */
  readonly text: string
}

const shown = 10

/** Everything that is wrong in one file as one error, in the order of the lines; the first ten are told. */
export function fileError(
  code: ErrorCode,
  origin: string,
  problems: readonly Problem[],
  suggestions: string | readonly string[],
  cause?: unknown,
): UsageError {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
  const lines = [
    ...new Set(sorted.map(({ line, column, text }) => `${origin}:${line}:${column}: ${visible(text)}`)),
  ]
  const rest = lines.length - shown
  const told = rest > 0 ? [...lines.slice(0, shown), `… and ${rest} more in ${origin}`] : lines
  return new UsageError(code, told.join('\n'), suggestions, cause === undefined ? {} : { cause })
}

/** A value as it is shown in a message: short, on one line, with control characters written out. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value !== 'string') return String(value)
  return quote(value)
}

export function quote(text: string): string {
  return visible(JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text))
}

/** A terminal obeys control characters and bidirectional marks, and a file may hold any of them. */
export function visible(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** `['rules', 'events/noisy', 'maxRate']` as a person would say it. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else {
      const name = String(step)
      const plain = /^[\p{L}\p{N}_/@*+ -]+$/u.test(name) ? name : quote(name)
      text += text === '' ? plain : `.${plain}`
    }
  }
  return text
}
