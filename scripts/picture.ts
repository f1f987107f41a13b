// Draws the pictures in the README from `cio-audit demo`: the table, as it stands on a terminal, into docs/images/demo.svg,
// and report.html, as Chromium shows it, into docs/images/report.png.
// Run by hand after a change of either (`npm run picture`); the numbers in them come from the seeded shop.
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPage, startBrowser } from '../test/support/browser.ts'
import { root } from './generated.ts'

const columns = 84
const lineHeight = 18
const charWidth = 8.4
const reports = await mkdtemp(join(tmpdir(), 'cio-audit-picture-'))
const output = execFileSync(
  process.execPath,
  [
    join(root, 'bin', 'run.js'),
    'demo',
    '--quiet',
    '--no-color',
    '--out',
    reports,
    '--format',
    'table',
    '--format',
    'html',
  ],
  {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: String(columns), CI: '' },
  },
)
const all = output.trimEnd().split('\n')
const from = (start: RegExp): number => all.findIndex((line) => start.test(line))
// The head with the first finding, then the checklist and the verdict: what one looks at.
const second = all.findIndex((line, index) => index > from(/FAIL/) && /FAIL/.test(line))
const lines = [
  ...all.slice(0, second),
  '  …',
  '',
  ...all.slice(from(/^Launch checklist/), from(/^Who can be/)),
  '  …',
  '',
  ...all.slice(from(/^─+/)),
]

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const colours: readonly [RegExp, string][] = [
  [/NO-GO|✖/, '#ff7b72'],
  [/✔/, '#7ee787'],
  [/○/, '#e3b341'],
  [/^\s+→/, '#79c0ff'],
]
const text = lines.map((line, index) => {
  const colour = colours.find(([pattern]) => pattern.test(line))?.[1] ?? '#e6edf3'
  const weight = /^\S/.test(line) || /NO-GO:/.test(line) ? ' font-weight="bold"' : ''
  return `<text x="16" y="${(index + 1) * lineHeight + 10}" fill="${colour}"${weight} xml:space="preserve">${escape(line)}</text>`
})
const width = Math.ceil(columns * charWidth + 32)
const height = lines.length * lineHeight + 30
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="cio-audit demo in a terminal: the verdict is NO-GO">
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
${text.join('\n')}
</g>
</svg>
`
await mkdir(join(root, 'docs', 'images'), { recursive: true })
await writeFile(join(root, 'docs', 'images', 'demo.svg'), svg)

const browser = await startBrowser()
try {
  const { page } = await openPage(browser, join(reports, 'report.html'), { width: 1280, height: 1080 })
  await page.locator('.rule summary').first().click()
  await page.screenshot({ path: join(root, 'docs', 'images', 'report.png') })
} finally {
  await browser.close()
  await rm(reports, { recursive: true, force: true })
}
