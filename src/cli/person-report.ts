import type { Chain, Mark, Spelling } from '../audit/person/index.ts'
import { safeJson } from '../reports/escape.ts'
import { grid, heading, show, type Entry, type Page, type Style } from '../reports/grid.ts'
import type { Masker } from '../reports/index.ts'
import { personalKind } from '../reports/personal-kind.ts'

const signs: Readonly<Record<Mark, { mark: string; style: Style }>> = {
  ok: { mark: '✔', style: 'green' },
  warn: { mark: '!', style: 'yellow' },
  fail: { mark: '✖', style: 'red' },
  none: { mark: '-', style: 'dim' },
}

const ends: Readonly<Record<Chain['decision'], string>> = {
  go: 'GO: the chain holds.',
  'no-go': 'NO-GO: the chain breaks at',
  inconclusive: 'INCONCLUSIVE: no link is broken, but not everything could be judged.',
}

/** Values as they are, or masked as in every other report. */
export function spellingOf(masker: Masker | null): Spelling {
  const plain = (value: string): string => value
  if (masker === null)
    return {
      email: plain,
      phone: plain,
      token: plain,
      text: plain,
      attribute: (_, value) => value,
      property: (_, value) => value,
    }
  const named = (name: string, value: string): string => {
    const kind = personalKind(name)
    return kind === undefined ? masker.text(value) : masker.value(kind, value)
  }
  return {
    email: (value) => masker.value('email', value),
    phone: (value) => masker.value('phone', value),
    token: (value) => masker.value('token', value),
    text: (value) => masker.text(value),
    attribute: (name, value) => (name === 'name' ? masker.value('name', value) : named(name, value)),
    property: named,
  }
}

/** @param isLive - Customer.io was asked about this person alone: whoever shares an address or a device is not seen. */
export function renderChain(
  page: Page,
  { decision, steps }: Chain,
  cut: readonly string[],
  isLive: boolean,
): string {
  const end =
    steps[0]?.mark === 'fail'
      ? 'INCONCLUSIVE: there is nobody to look at. Check the spelling; --id-type says what kind of identifier it is.'
      : decision === 'go' && isLive
        ? 'GO: the chain holds, as far as one person shows it. --offline also knows who holds the same device.'
        : ends[decision]
  const broken = steps.find(({ mark }) => mark === 'fail')
  const lines = [
    ...grid(
      page,
      steps.map(({ step, mark, text, details }): Entry => ({
        ...signs[mark],
        lines: [
          { text: `${step}: ${show(text)}`, style: 'bold' },
          ...details.map((detail) => ({ lead: `${signs[detail.mark].mark} `, text: show(detail.text) })),
        ],
      })),
    ),
    ...heading(page, `${end}${decision === 'no-go' ? ` "${broken?.step}".` : ''}`),
    ...grid(
      page,
      cut.map((text) => ({ mark: '!', style: 'yellow', lines: [show(`not read to its end: ${text}`)] })),
    ),
  ]
  return `${lines.join('\n')}\n`
}

export function chainAsJson({ decision, steps }: Chain, cut: readonly string[]): string {
  return safeJson(`${JSON.stringify({ schemaVersion: 1, decision, steps, incomplete: cut }, null, 2)}\n`)
}
