import type { ExitCode } from '../core/errors.ts'
import { grid, heading, show, type Page, type Style } from '../reports/grid.ts'

/** `ok`: fine. `warn`: a run works but some rules cannot judge. `fail`: a run would end with `exit`. */
export type Check =
  | { readonly mark: 'ok' | 'warn' | 'none'; readonly text: string }
  | {
      readonly mark: 'fail'
      readonly text: string
      readonly exit: ExitCode
      readonly advice?: readonly string[]
    }

export interface Section {
  readonly title: string
  readonly checks: readonly Check[]
}

const signs: Readonly<Record<Check['mark'], { mark: string; style: Style }>> = {
  ok: { mark: '✔', style: 'green' },
  warn: { mark: '!', style: 'yellow' },
  fail: { mark: '✖', style: 'red' },
  none: { mark: '-', style: 'dim' },
}

/** The code of the run that would follow: the first thing that would stop it. */
export function exitOf(sections: readonly Section[]): number {
  for (const { checks } of sections) {
    for (const check of checks) if (check.mark === 'fail') return check.exit
  }
  return 0
}

export function renderDoctor(page: Page, sections: readonly Section[]): string {
  const code = exitOf(sections)
  const end = code === 0 ? 'A run would work.' : `A run would end with exit code ${code}.`
  const lines = [
    ...sections.flatMap(({ title, checks }) => [
      ...heading(page, title),
      ...grid(
        page,
        checks.map((check) => ({
          ...signs[check.mark],
          lines: [
            show(check.text),
            ...(check.mark === 'fail' ? (check.advice ?? []) : []).map((text) => ({
              lead: '→ ',
              text: show(text),
            })),
          ],
        })),
      ),
    ]),
    ...heading(page, end),
  ]
  return `${lines.join('\n').trimStart()}\n`
}
