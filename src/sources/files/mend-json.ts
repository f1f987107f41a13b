import { isUtf8 } from 'node:buffer'
import type { Mended } from './mend.ts'
import type { SourceFile } from './recognise.ts'

/** A call has 32 KB at most (reference, section 10); a line without end must not fill the memory. */
const longestLine = 4 * 1024 ** 2

/** One JSON object a line. A line that is none is rejected with its number. */
export async function* jsonRecords(file: SourceFile, source: AsyncIterable<Buffer>): AsyncIterable<Mended> {
  let number = 0
  for await (const { line, isLast } of linesOf(source)) {
    number += 1
    const reason = faultOf(line, isLast)
    if (reason === null) yield { text: `${line.toString('utf8')}\n` }
    else if (reason !== 'blank') {
      const raw = line.subarray(0, 65_536).toString('utf8')
      yield { reject: { position: `${file.name}, line ${number}`, reason, raw } }
    }
  }
}

function faultOf(line: Buffer, isLast: boolean): string | null {
  if (line.length > longestLine) return `the line is longer than ${longestLine / 1024 ** 2} MB`
  if (!isUtf8(line)) return 'it holds bytes that are no UTF-8 text'
  const text = line.toString('utf8')
  if (text.trim() === '') return 'blank'
  try {
    const record: unknown = JSON.parse(text)
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return 'it is no JSON object'
    // To JavaScript it is text, but the engine refuses the whole file for it.
    return halfLetter.test(text) && holdsHalfLetter(record)
      ? 'it holds half a letter: a text was cut within an emoji'
      : null
  } catch (cause) {
    if (isLast) return 'the file is torn: its last line ends in the middle'
    const at = /position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1]
    return `it is no JSON${at === undefined ? '' : `, from column ${Number(at) + 1}`}`
  }
}

/** One of the two numbers that JSON writes for a letter such as an emoji. */
const halfLetter = /\\u[dD][89a-fA-F]/

function holdsHalfLetter(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed()
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => !key.isWellFormed() || holdsHalfLetter(inner))
}

interface Line {
  readonly line: Buffer
  /** Nothing follows it, not even the end of the line. */
  readonly isLast: boolean
}

async function* linesOf(source: AsyncIterable<Buffer>): AsyncIterable<Line> {
  let rest: Buffer[] = []
  let length = 0
  for await (const part of source) {
    let from = 0
    for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, from)) {
      yield { line: Buffer.concat([...rest, part.subarray(from, at)]), isLast: false }
      rest = []
      length = 0
      from = at + 1
    }
    // Of a line without end one piece more than the bound is kept, so that it is seen to be too long.
    if (length <= longestLine) rest.push(part.subarray(from))
    length += part.length - from
  }
  const line = Buffer.concat(rest)
  if (line.length > 0) yield { line, isLast: true }
}
