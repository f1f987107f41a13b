import { base } from './base.ts'
import { charts } from './charts.ts'
import { explorer } from './explorer.ts'
import { narrow } from './narrow.ts'
import { sections } from './sections.ts'
import { tokens } from './tokens.ts'

/** The one style of the page, in the order in which later rules override earlier ones. */
export const style = [tokens, base, sections, charts, explorer, narrow].join('')
