import { element, minute, prose, sign } from './elements.ts'
import type { Shown } from './store.ts'

export interface Walk {
  readonly position: string
  step(by: number): void
}

/** All that is known of one finding, in a dialog that the keyboard walks through. */
export function showDetail(dialog: HTMLDialogElement, finding: Shown, walk: Walk | null): void {
  const { rule, message, severity, state } = finding
  // Whoever walks on with a button keeps it under the finger.
  const pressed = dialog.contains(document.activeElement) ? document.activeElement?.textContent : null
  dialog.replaceChildren(
    element(
      'div',
      { class: 'detail-bar' },
      element('span', { class: 'answer' }, walk?.position ?? ''),
      ...(walk === null ? [] : [button('Previous', () => walk.step(-1)), button('Next', () => walk.step(1))]),
      button('Close', () => dialog.close()),
    ),
    element(
      'div',
      { class: 'detail-body' },
      element('h2', { id: 'detail-title' }, message),
      element(
        'p',
        { class: 'detail-state' },
        sign(rule.tone),
        `${rule.word}: ${rule.title}. Severity ${severity}, ${state}.`,
      ),
      ...block('Why it matters', rule.why),
      ...block(
        'How to mend it',
        finding.remediation === ''
          ? 'See this rule under "What to mend"; findings.csv has the words for this finding.'
          : finding.remediation,
      ),
      element('dl', { class: 'facts' }, ...facts(finding)),
      element('h3', {}, 'Examples'),
      records(finding),
      finding.link === ''
        ? null
        : element(
            'p',
            {},
            element(
              'a',
              { href: finding.link, rel: 'noopener noreferrer', target: '_blank' },
              'Open in Customer.io',
            ),
          ),
    ),
  )
  if (!dialog.open) dialog.showModal()
  dialog.scrollTop = 0
  const buttons = [...dialog.querySelectorAll<HTMLElement>('.detail-bar button')]
  const kept = buttons.find((one) => one.textContent === pressed) ?? buttons.at(-1)
  kept?.focus()
}

const block = (title: string, text: string): HTMLElement[] =>
  text === '' ? [] : [element('h3', {}, title), element('p', {}, ...prose(text))]

function facts(finding: Shown): HTMLElement[] {
  const { rule, fingerprint, key, label, kind, affected, first, last, journeys } = finding
  return [
    ...fact('Affected', affected),
    ...fact('Seen', seen(first, last)),
    ...fact('Journeys at risk', journeys.map(([id, name]) => `${name} (${id})`).join(', ')),
    ...fact('About', label === key ? kind : `${kind} ${label}`),
    ...copyable('Subject', key),
    ...copyable('Rule', rule.id),
    ...copyable('Fingerprint', fingerprint),
  ]
}

function seen(first: number, last: number): string {
  if (first === 0) return last === 0 ? '' : `last ${minute(last)}`
  return last === 0 || last === first ? minute(first) : `${minute(first)} to ${minute(last)}`
}

const fact = (name: string, value: string): HTMLElement[] =>
  value === '' ? [] : [element('dt', {}, name), element('dd', {}, value)]

function copyable(name: string, value: string): HTMLElement[] {
  const code = element('code', {}, value)
  const said = element('span', { role: 'status' })
  const work = async (): Promise<void> => {
    said.textContent = (await copyText(value, code)) ? 'Copied' : 'Selected: copy it with the keyboard'
  }
  const copy = button('Copy', () => void work())
  copy.setAttribute('aria-label', `Copy ${name.toLowerCase()}`)
  return [element('dt', {}, name), element('dd', { class: 'copyable' }, code, copy, said)]
}

/** Where the browser keeps the clipboard from a file, the text is selected instead. */
async function copyText(value: string, shown: HTMLElement): Promise<boolean> {
  const clipboard = navigator.clipboard as Clipboard | undefined
  const done = await (clipboard?.writeText(value) ?? Promise.reject(new Error('no clipboard'))).then(
    () => true,
    () => false,
  )
  if (!done) getSelection()?.selectAllChildren(shown)
  return done
}

function records({ records: known, rule }: Shown): HTMLElement {
  if (known === 0)
    return element(
      'p',
      { class: 'answer' },
      `Each affected record stands in ${rule.evidenceFile}, under this fingerprint.`,
    )
  const cells = (name: string, row: readonly string[], properties = {}): HTMLElement =>
    element('tr', {}, ...row.map((text) => element(name, properties, text)))
  return element(
    'div',
    { class: 'scroll records', role: 'region', 'aria-label': 'Records of this finding', tabindex: '0' },
    element(
      'table',
      {},
      element('thead', {}, cells('th', known.columns, { scope: 'col' })),
      element('tbody', {}, ...known.rows.map((row) => cells('td', row))),
    ),
  )
}

function button(label: string, work: () => void): HTMLElement {
  const made = element('button', { type: 'button' }, label)
  made.addEventListener('click', work)
  return made
}
