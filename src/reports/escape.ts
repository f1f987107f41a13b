/**
 * What a value from a workspace may not do to the place where it is shown. One function per sink; the rest of the
 * program passes values on as they are.
 */

/** C0 but tab and line breaks, DEL and C1 (both steer terminals), and the marks that turn the reading direction. */
const steering = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069'
/** The same and whatever else is invisible or breaks a line: what a terminal must not get from a value. */
const unshowable = new RegExp(
  `[${steering}\\t\\n\\r\\u00ad\\u061c\\u180e\\u2028\\u2029\\p{Cs}\\p{Co}\\p{Cn}]`,
  'gu',
)
/** Zero width; joiners are kept where a script or an emoji needs them. */
const zeroWidth =
  /[\u200b\u200e\u200f\u2060-\u206f\ufeff]|(?<![\p{L}\p{M}])\u200c|(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])\u200d/gu

const codeOf = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}

const shortCodes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** One line that steers nothing: control codes, line breaks and reading direction marks are shown, not obeyed. */
export function terminalText(value: string): string {
  return value
    .replace(unshowable, (character) => shortCodes[character] ?? codeOf(character))
    .replace(zeroWidth, codeOf)
}

const steeringInJson = new RegExp(`[${steering}\\u061c\\u200e\\u200f\\u2028\\u2029\\ufeff]`, 'g')

/** JSON text that is safe to print: the same value, with what `JSON.stringify` leaves raw written as \u escapes. */
export function safeJson(json: string): string {
  return json.replace(steeringInJson, codeOf)
}

/** Spreadsheets take these for a formula, also behind white space; the wide forms are normalised by some. */
const formula = /^'*\s*[=+\-@\t\n\r\uff1d\uff0b\uff0d\uff20]/u
const steeringInCsv = new RegExp(
  `(?<!\\\\)(\\\\*)(?:([${steering}])|(u(?:00[01][0-9a-f]|007f|00[89][0-9a-f]|202[a-e]|206[6-9])))`,
  'g',
)

/**
 * A cell that no spreadsheet runs and no terminal obeys, from which the value can be had back (`plainCsvCell`):
 * formulas get a leading apostrophe, control codes become `\u001b`; where a value already looks like that, the
 * mark is doubled.
 */
export function csvCell(value: string): string {
  const shown = value
    .toWellFormed()
    .replace(
      steeringInCsv,
      (whole, slashes: string, control: string | undefined, code: string | undefined) => {
        if (control !== undefined) return `${slashes}${slashes}${codeOf(control)}`
        return slashes === '' || code === undefined ? whole : `${slashes}${slashes}${code}`
      },
    )
  return formula.test(shown) ? `'${shown}` : shown
}

/** The value behind a cell that `csvCell` wrote. */
export function plainCsvCell(cell: string): string {
  const shown = cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell
  return shown.replace(
    /(?<!\\)(\\+)u(00[01][0-9a-f]|007f|00[89][0-9a-f]|202[a-e]|206[6-9])/g,
    (_, slashes: string, code: string) => {
      const kept = '\\'.repeat(Math.floor(slashes.length / 2))
      return slashes.length % 2 === 1
        ? `${kept}${String.fromCodePoint(Number.parseInt(code, 16))}`
        : `${kept}u${code}`
    },
  )
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Text or an attribute of XML 1.0, which knows no control codes at all, not even as entities: they are shown. */
export function xmlText(value: string): string {
  return terminalText(value).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/**
 * A message of a GitHub workflow command (`::error::<message>`). The runner takes each line that begins with `::` for a
 * command and knows this escape for line breaks alone, so the value is one line already.
 */
export const workflowText = (value: string): string => terminalText(value).replaceAll('%', '%25')

/** A property of such a command (`::error title=<property>::`), which also ends at a comma or a colon. */
export const workflowProperty = (value: string): string =>
  workflowText(value).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** What no dialect of Markdown makes anything else of: no mark-up, link, mention, reference or formula. */
const plainWord =
  /^(?:[\p{L}\p{M}\p{N}\p{Emoji_Presentation}…](?:[\p{L}\p{M}\p{N}…'’.,-]*[\p{L}\p{M}\p{N}…])?%?|\d\d:\d\d|[%–—]|)$/u
const punctuated = /^(["'“‘(]*)(.*?)(["'”’).,;:!?]*)$/su
const startsList = /^\d+[.)]$/

/**
 * A value as it may stand in a line of Markdown: words that could mean anything are set as code, in which nothing is
 * mark-up, and the rest stays as it is. A backslash before each sign would do on paper; but platforms look for addresses,
 * mentions and links in what is left after it. What stands between backticks already stays code.
 */
export function markdownText(value: string): string {
  const units = terminalText(value).match(/`[^`]+`|[^\s`]+|`+/gu) ?? []
  let text = ''
  for (const [at, unit] of units.entries()) text += `${at === 0 ? '' : ' '}${markdownUnit(unit, at === 0)}`
  return text
}

function markdownUnit(unit: string, isFirst: boolean): string {
  if (/^`[^`]+`$/.test(unit)) return markdownCode(unit.slice(1, -1))
  const [, before = '', word = '', after = ''] = punctuated.exec(unit) ?? []
  if (isFirst && startsList.test(unit)) return markdownCode(unit)
  const isPlain = plainWord.test(word) && !/^www\./i.test(word)
  return `${before}${isPlain ? word : markdownCode(word)}${after}`
}

/** Code, fenced by more backticks than it holds. */
export function markdownCode(value: string): string {
  const shown = terminalText(value)
  if (shown.trim() === '') return ''
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  const padding = longest > 0 || /^ .* $/.test(shown) ? ' ' : ''
  return `${fence}${padding}${shown}${padding}${fence}`
}

/** Markdown for a cell of a table, where a bar ends the cell even in code; behind a backslash it cannot be written. */
export const markdownCell = (markdown: string): string =>
  markdown.replace(/(\\*)\|/g, (_, slashes: string) => (slashes === '' ? '\\|' : `${slashes}\\u007c`))
