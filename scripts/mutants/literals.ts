/** A string or template of a source file. */
export interface Literal {
  /** Where its content begins and ends, without the quotation marks. */
  readonly start: number
  readonly end: number
  /** The code before it, without comments. */
  readonly before: string
  /** The content, as long as it is in the file, with each `${…}` as `¤`. */
  readonly text: string
}

export interface Parts {
  /** The file, as long as it is, with everything that is no code as `¤`. */
  readonly code: string
  readonly literals: readonly Literal[]
}

/** Stands for what must not be looked at; no source of ours holds it. */
export const blank = '¤'

/** Splits a TypeScript file into code and literals. Comments and regular expressions are neither. */
export function partsOf(source: string): Parts {
  const code = [...Array(source.length).keys()].map((index) => source[index] ?? '')
  const literals: Literal[] = []
  const hide = (from: number, to: number): void => {
    for (let index = from; index < to; index += 1) if (code[index] !== '\n') code[index] = blank
  }
  const before = (index: number): string => code.slice(Math.max(0, index - 200), index).join('')

  /** Reads code until the brace that closes an interpolation, or to the end. */
  function readCode(from: number, inner: boolean): number {
    let depth = 0
    for (let index = from; index < source.length; index += 1) {
      const character = source[index]
      if (source.startsWith('//', index)) index = skip(index, lineEnd(index)) - 1
      else if (source.startsWith('/*', index)) index = skip(index, source.indexOf('*/', index) + 2) - 1
      else if (character === "'" || character === '"') index = readString(index, character)
      else if (character === '`') index = readTemplate(index)
      else if (character === '/' && startsRegExp(before(index))) index = skip(index, regExpEnd(index)) - 1
      else if (character === '{') depth += 1
      else if (character === '}' && inner && depth === 0) return index
      else if (character === '}') depth -= 1
    }
    return source.length
  }

  function skip(from: number, to: number): number {
    hide(from, to)
    return to
  }

  function lineEnd(from: number): number {
    const end = source.indexOf('\n', from)
    return end < 0 ? source.length : end
  }

  function readString(open: number, quote: string): number {
    let end = open + 1
    while (end < source.length && source[end] !== quote) end += source[end] === '\\' ? 2 : 1
    literals.push({ start: open + 1, end, before: before(open), text: source.slice(open + 1, end) })
    hide(open + 1, end)
    return end
  }

  function readTemplate(open: number): number {
    const head = before(open)
    let text = ''
    let index = open + 1
    while (index < source.length && source[index] !== '`') {
      if (source[index] === '\\') {
        text += source.slice(index, index + 2)
        hide(index, index + 2)
        index += 2
      } else if (source.startsWith('${', index)) {
        const close = readCode(index + 2, true)
        text += blank.repeat(close + 1 - index)
        index = close + 1
      } else {
        text += source[index]
        hide(index, index + 1)
        index += 1
      }
    }
    literals.push({ start: open + 1, end: index, before: head, text })
    return index
  }

  function regExpEnd(from: number): number {
    let inClass = false
    for (let index = from + 1; index < source.length; index += 1) {
      if (source[index] === '\\') index += 1
      else if (source[index] === '[') inClass = true
      else if (source[index] === ']') inClass = false
      else if (source[index] === '/' && !inClass) return index + 1
    }
    return source.length
  }

  readCode(0, false)
  return { code: code.join(''), literals }
}

/** A slash divides after a value and begins a regular expression everywhere else. */
function startsRegExp(before: string): boolean {
  return /(?:^|[=(,:[!&|?{};+>]|\breturn|\btypeof)\s*$/.test(before)
}
