/** A part of the page. Its blocks are dropped from the end where the page would grow too large; then `rest` says so. */
export interface Section {
  readonly head: string
  readonly blocks: readonly string[]
  readonly rest: (left: number) => string
}

/** The head of the page and as much of each section as fits into `most` bytes, in their order. */
export function pageOf(top: string, sections: readonly Section[], most: number): string {
  const filled = sections.filter(({ blocks }) => blocks.length > 0)
  let left = most - bytes(top) - filled.reduce((sum, section) => sum + reserve(section), 0)
  const parts = filled.map((section) => {
    const { text, used } = fit(section, left)
    left -= used
    return text
  })
  return [top, ...parts].join('')
}

const bytes = (text: string): number => Buffer.byteLength(text)

/** What a section takes although none of its blocks fits. */
const reserve = ({ head, blocks, rest }: Section): number => bytes(head) + bytes(rest(blocks.length)) + 2

function fit({ head, blocks, rest }: Section, room: number): { text: string; used: number } {
  let text = ''
  let used = 0
  let taken = 0
  for (const block of blocks) {
    const size = bytes(block)
    if (used + size > room) break
    text += block
    used += size
    taken += 1
  }
  const left = blocks.length - taken
  return { text: `${head}${text}${left > 0 ? `\n${rest(left)}\n` : ''}`, used }
}
