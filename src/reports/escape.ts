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
