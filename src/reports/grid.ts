import { styleText } from 'node:util'
import Table from 'cli-table3'
import { terminalText } from './escape.ts'
import type { Mark } from './signs.ts'
import { displayWidth, wrap } from './width.ts'

export type Style = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold'
export interface Line {
  readonly text: string
  readonly style?: Style | undefined
  /** Stands before the text; the lines after the first are indented by as much. */
  readonly lead?: string
}
/** A sign or a number in front, and what is said about it. */
export interface Entry {
  readonly mark: string
  /** Of the mark; that of the sign where none is given. */
  readonly style?: Style
  readonly lines: readonly (Line | string)[]
}
export interface Page {
  readonly width: number
  readonly colour: boolean
}

const gap = 1
const indent = 2
/** Values can be a megabyte long; nobody reads more of one than this. */
const longestValue = 800

/** A value as it may stand on a terminal. */
export const show = (value: string): string => terminalText(value.slice(0, longestValue))

export const paint = ({ colour }: Page, style: Style | undefined, text: string): string =>
  colour && style && text !== '' ? styleText(style, text, { validateStream: false }) : text

/** Colour goes by the sign, so that nothing is said by colour alone. */
const styles = {
  '✔': 'green',
  '◆': 'green',
  '✖': 'red',
  '!': 'yellow',
  '?': 'cyan',
  '○': 'cyan',
  '-': 'dim',
  '•': undefined,
} as const satisfies Readonly<Record<Mark, Style | undefined>>
export const markStyle = (mark: Mark): Style | undefined => styles[mark]
const isSign = (mark: string): mark is Mark => Object.hasOwn(styles, mark)

const drawn = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
] as const
const between = ['left-mid', 'mid', 'mid-mid', 'right', 'right-mid'] as const
const borderless = Object.fromEntries([...drawn, ...between].map((name) => [name, '']))

/** The sign in one column, its lines in the next, broken so that no line is wider than the page. */
export function grid(page: Page, entries: readonly Entry[]): string[] {
  if (entries.length === 0) return []
  const markWidth = Math.max(...entries.map(({ mark }) => displayWidth(mark)))
  const room = page.width - indent - markWidth - gap
  const none = { 'padding-left': 0, 'padding-right': 0 }
  const table = new Table({
    chars: { ...borderless, left: ' '.repeat(indent), middle: ' '.repeat(gap) },
    style: { ...none, head: [], border: [], compact: true },
  })
  for (const { mark, style, lines } of entries) {
    const own = style ?? (isSign(mark) ? markStyle(mark) : undefined)
    const broken = lines.flatMap((line) => {
      const { text, style: tone, lead = '' }: Line = typeof line === 'string' ? { text: line } : line
      const margin = displayWidth(lead)
      return wrap(text, room - margin).map((part, at) =>
        paint(page, tone, `${at === 0 ? lead : ' '.repeat(margin)}${part}`),
      )
    })
    // A row for each line: cli-table3 goes through the whole cell again for every line of it.
    broken.forEach((line, at) => table.push([at === 0 ? paint(page, own, mark) : '', line]))
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}

export function heading(page: Page, text: string): string[] {
  return ['', ...wrap(text, page.width).map((line) => paint(page, 'bold', line))]
}
