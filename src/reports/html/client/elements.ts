/** The one way in which this page makes elements: texts are texts, and there is no way to hand over markup. */
type Child = Node | string | null

export function element(
  name: string,
  properties: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElement {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value)
  for (const child of children) if (child !== null) made.append(child)
  return made
}

/** Words of a rule, in which back quotes mark what is typed or named as it is. */
export const prose = (words: string): Node[] =>
  words
    .split(/`([^`]+)`/)
    .map((part, at) => (at % 2 === 1 ? element('code', {}, part) : document.createTextNode(part)))

/** What the page was written with, and of that kind. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}.`)
  return found
}

/** The same signs as those that the page was written with. */
export function sign(tone: string): Node {
  return document.querySelector(`#signs .${tone}`)?.cloneNode(true) ?? document.createTextNode('')
}

const grouped = new Intl.NumberFormat('en-US')
export const number = (value: number): string => grouped.format(value)
/** `2026-11-23 12:00 UTC` */
export const minute = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
