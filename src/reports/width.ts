/** How wide text stands on a terminal, and how to break it there. Text is already free of control codes. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u
const emoji = /^\p{Emoji_Presentation}|\ufe0f|\u20e3|\u200d/u
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u
const plain = /^[\u0020-\u007e]*$/

/** Grapheme by grapheme, since an emoji of five code points is one sign of width two. */
function widths(text: string): { sign: string; width: number }[] {
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => ({
    sign: segment,
    width: signWidth(segment),
  }))
}

function signWidth(sign: string): number {
  if (plain.test(sign)) return sign.length
  if (invisible.test(sign)) return 0
  return wide.test(sign) || emoji.test(sign) ? 2 : 1
}

export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length
  return widths(text).reduce((sum, { width }) => sum + width, 0)
}

/** Not wider than `width`; what was cut is told by an ellipsis. */
export function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const { sign, width: own } of widths(text)) {
    if (used + own > width - 1) break
    kept += sign
    used += own
  }
  return `${kept.trimEnd()}…`
}

/** Lines not wider than `width`, broken at spaces, and inside a word only where the word alone is too wide. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line: string | undefined
  let used = 0
  for (const word of text.split(' ').flatMap((whole) => pieces(whole, width))) {
    const own = displayWidth(word)
    if (line === undefined) {
      line = word
      used = own
    } else if (used + 1 + own > width) {
      lines.push(line)
      line = word
      used = own
    } else {
      line = `${line} ${word}`
      used += 1 + own
    }
  }
  return line === undefined ? lines : [...lines, line]
}

function pieces(word: string, width: number): string[] {
  if (displayWidth(word) <= width) return [word]
  const parts: string[] = []
  let part = ''
  let used = 0
  for (const { sign, width: own } of widths(word)) {
    if (used + own > width && part !== '') {
      parts.push(part)
      part = ''
      used = 0
    }
    part += sign
    used += own
  }
  return [...parts, part]
}
