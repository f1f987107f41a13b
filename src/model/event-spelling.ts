/** How names of events are compared: what is left of one without case, separators, and the tense of its verbs. */
export interface Spelling {
  readonly words: readonly string[]
  /** Without case and separators: `Add To Cart` and `addToCart` are `addtocart`. */
  readonly folded: string
  /** Its words without their tense: `added_to_cart` has the stem of `add_to_cart`. */
  readonly stem: string
}

export function spellingOf(name: string): Spelling {
  const words = name
    .normalize('NFKC')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .split(/[\s_.:/-]+/)
    .filter((word) => word !== '')
  return { words, folded: words.join(''), stem: words.map(stemOf).join(' ') }
}

/** Verbs of shops whose past is a word of its own. */
const irregular: ReadonlyMap<string, string> = new Map([
  ['bought', 'buy'],
  ['paid', 'pay'],
  ['sent', 'send'],
  ['left', 'leave'],
  ['began', 'begin'],
  ['begun', 'begin'],
])

/** `added`, `purchased`, `shipped`, `applied` as `add`, `purchase`, `ship`, `apply`; shorter words have no tense. */
function stemOf(word: string): string {
  const present = irregular.get(word) ?? word
  const base = present.replace(/(?<=\p{L}{3})ed?$/u, '')
  return base.replace(/y$/, 'i').replace(/([^aeiou])\1$/u, '$1')
}

/** Words of shops that are one letter away from `cart` or `bag`: `Card Updated` tells of somebody's new payment card. */
const ownWords = ['card', 'chart', 'part', 'art', 'tag']

/**
 * One letter more, fewer, another, or two that changed places. A plural and a word in its own right are other words, and with another
 * digit it is another step.
 */
export function isTypo(one: Spelling, other: Spelling): boolean {
  const [from, to] = [one.folded, other.folded]
  // What is cheap comes first: thousands of planned names may be held against a hundred thousand others.
  if (Math.abs(from.length - to.length) > 1 || from === to) return false
  let start = 0
  while (from[start] === to[start]) start += 1
  let end = 0
  while (end < Math.min(from.length, to.length) - start && from.at(-1 - end) === to.at(-1 - end)) end += 1
  const [lost, put] = [from.slice(start, from.length - end), to.slice(start, to.length - end)]
  const isNear = lost.length + put.length <= 2 || (lost.length === 2 && put === `${lost[1]}${lost[0]}`)
  if (!isNear || /\d/.test(lost + put)) return false
  if (ownWords.some((word) => hasWord(one, word) !== hasWord(other, word))) return false
  return one.words.map(singular).join('') !== other.words.map(singular).join('')
}

const hasWord = ({ words }: Spelling, word: string): boolean => words.map(singular).includes(word)

const singular = (word: string): string => word.replace(/s$/, '')
