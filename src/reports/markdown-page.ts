import { shares } from './shares.ts'

/** A part of the page. Its blocks are dropped from the end where the page would grow too large; then `rest` says so. */
export interface Section {
  readonly head: string
  readonly blocks: readonly string[]
  readonly rest: (left: number) => string
}

/**
 * The head of the page and as much of each section as fits into `most` bytes. Short sections are there as a whole, and the
 * long ones share what is left, so that twenty thousand journeys do not push out the rules that fail.
 */
export function pageOf(top: string, sections: readonly Section[], most: number): string {
  const filled = sections.filter(({ blocks }) => blocks.length > 0)
  const left = most - bytes(top) - sum(filled.map(frame))
  const rooms = shares(
    filled.map(({ blocks }) => sum(blocks.map(bytes))),
    Math.max(0, left),
  )
  return [top, ...filled.map((section, at) => fit(section, rooms[at] ?? 0))].join('')
}

const bytes = (text: string): number => Buffer.byteLength(text)
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** What a section takes although none of its blocks fits. */
const frame = ({ head, blocks, rest }: Section): number => bytes(head) + bytes(rest(blocks.length)) + 2

function fit({ head, blocks, rest }: Section, room: number): string {
  let text = head
  let left = room
  let taken = 0
  for (const block of blocks) {
    left -= bytes(block)
    if (left < 0) break
    text += block
    taken += 1
  }
  return taken === blocks.length ? text : `${text}\n${rest(blocks.length - taken)}\n`
}
