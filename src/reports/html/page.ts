import { createHash } from 'node:crypto'
import { Fragment, h, type ComponentChild } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { terminalText } from '../escape.ts'
import type { ReportInput } from '../reporter.ts'
import { number } from '../view.ts'
import { chunks } from './data.ts'
import { facts } from './facts.ts'
import { Footer, Header, Navigation } from './frame.ts'
import { clientScript } from './client-script.ts'
import { scriptJson } from './script-json.ts'
import { Checklist } from './sections/checklist.ts'
import { Explorer } from './sections/explorer.ts'
import { JourneysAtRisk, Journeys } from './sections/journeys.ts'
import { Ledger } from './sections/ledger.ts'
import { Glossary, Notes } from './sections/notes.ts'
import { Read } from './sections/read.ts'
import { Rules } from './sections/rules.ts'
import { EventsOverTime } from './sections/timeline.ts'
import { Trend } from './sections/trend.ts'
import { Verdict, toneOf, wordOf } from './sections/verdict.ts'
import { style } from './style/index.ts'
import { text } from './parts.ts'

/** The page in parts, in order: what is long is never held as a whole. */
export async function* page(input: ReportInput): AsyncIterable<string> {
  const script = await clientScript()
  yield `<!doctype html>\n<html lang="en">\n${head(input, script)}\n<body>\n`
  yield `${draw(h(Top, { input }))}\n<main>\n`
  for (const section of sections(input)) yield `${draw(section)}\n`
  yield data('facts', scriptJson(facts(input)))
  const parts = chunks(input)
  let part = await parts.next()
  while (part.done !== true) {
    yield data('chunk', part.value)
    part = await parts.next()
  }
  const { written, leftOut } = part.value
  yield data('rest', scriptJson({ written, leftOut }))
  if (leftOut > 0) yield `${draw(h(LeftOut, { written, leftOut }))}\n`
  yield `${draw(h(End, { input }))}\n</main>\n${draw(h(Footer, { report: input.report }))}\n`
  yield `<script type="module">${script}</script>\n</body>\n</html>\n`
}

/** All of it goes through `terminalText`, so that no value that somebody forgot to show as text can steer the reader's eye. */
const draw = (piece: ComponentChild): string => terminalText(renderToString(h(Fragment, null, piece)))

const data = (name: string, json: string): string =>
  `<script type="application/json" data-part="${name}">${json}</script>\n`

const hash = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`

/** A sign for the tab, in the colour of the verdict. */
const icon = (colour: string): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>`)}`
const iconColours: Readonly<Record<string, string>> = { pass: '#0b7a43', fail: '#c4271b', info: '#1d62d1' }

/**
 * Nothing is loaded, and only our own script and style run, which the policy knows by their hashes. Trusted Types are
 * switched off as a whole, so that no code here can make markup of a text.
 */
function head({ report }: ReportInput, script: string): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  const name = report.sources.find(({ workspace }) => workspace.name !== null)?.workspace.name ?? 'Workspace'
  const { decision } = report.verdict
  return renderToString(
    h(
      'head',
      null,
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('title', null, `${wordOf(decision)}: ${text(name)}, ${report.run.asOf.slice(0, 10)} – cio-audit`),
      h('link', { rel: 'icon', href: icon(iconColours[toneOf(decision)] ?? '#555') }),
      // Our own text: as it stands, since its hash is told above.
      h('style', { dangerouslySetInnerHTML: { __html: style } }),
    ),
  )
}

function Top({ input }: { readonly input: ReportInput }): ComponentChild[] {
  return [
    h('a', { class: 'skip', href: '#rules' }, 'Skip to what to mend'),
    h(Header, { report: input.report }),
    h(Navigation, { input }),
  ]
}

function sections(input: ReportInput): readonly ComponentChild[] {
  const { report } = input
  return [
    h(Verdict, { report }),
    h(
      'div',
      { class: 'first' },
      h(Checklist, { report }),
      h(JourneysAtRisk, { report }),
      h(Read, { report }),
    ),
    h(Rules, { input }),
    h(Journeys, { report }),
    h(Ledger, { report }),
    h(EventsOverTime, { input }),
    h(Trend, { input }),
    h(Explorer, { input }),
  ]
}

function LeftOut({
  written,
  leftOut,
}: {
  readonly written: number
  readonly leftOut: number
}): ComponentChild {
  return h(
    'p',
    { class: 'card left-out' },
    `${number(written)} findings stand here, and ${number(leftOut)} were left out so that the page stays quick; each rule keeps its widest. findings.csv has them all.`,
  )
}

function End({ input: { report } }: { readonly input: ReportInput }): ComponentChild[] {
  return [h(Notes, { report }), h(Glossary, null)]
}
