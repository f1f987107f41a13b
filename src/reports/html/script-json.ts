import { safeJson } from '../escape.ts'

/** JSON for a script element that is not run: nothing in it can end the element or begin a comment. */
export const scriptJson = (value: unknown): string =>
  safeJson(JSON.stringify(value)).replaceAll('<', '\\u003c')
