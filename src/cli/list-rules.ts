import { renderRulePage } from '../audit/rule-page.ts'
import type { RuleMeta } from '../audit/rule.ts'
import { policyOf, type Policy } from '../audit/judge.ts'
import { nearest } from '../core/suggest.ts'
import { UsageError } from '../core/errors.ts'
import { grid, heading, type Entry, type Page } from '../reports/grid.ts'
import { percent } from '../reports/view.ts'
import { screenOf, writeOut, type Io } from './io.ts'
import { loadRulebook } from './load-rules.ts'

const styles = { error: 'red', warn: 'yellow', info: 'dim' } as const

export async function listRules(config: string | undefined, io: Io, noColour: boolean): Promise<number> {
  const { rules, settings } = await loadRulebook(config, io.cwd)
  const page = screenOf(io.stdout, noColour)
  const byCategory = Map.groupBy(rules, ({ meta }) => meta.id.split('/')[0] ?? '')
  const lines = [...byCategory].flatMap(([category, own]) => [
    ...heading(page, category),
    ...grid(
      page,
      own.map(({ meta }) => entry(meta, policyOf(meta, settings))),
    ),
  ])
  await writeOut(io.stdout, [`${[...lines, ...footer(page)].join('\n').trimStart()}\n`])
  return 0
}

/** With the severity and the limits that the config sets, where it does. */
function entry(meta: RuleMeta, { severity, threshold: { maxRate, maxCount } }: Policy): Entry {
  const limits = [
    ...(maxRate === undefined ? [] : [`over ${percent(maxRate)} of ${meta.unit}`]),
    ...(maxCount === undefined ? [] : [`over ${maxCount} ${meta.unit}`]),
  ]
  const fails = limits.length === 0 ? 'informs only' : `fails ${limits.join(' or ')}`
  return {
    mark: severity,
    style: styles[severity],
    lines: [{ text: meta.id, style: 'bold' }, `${meta.title}; ${fails}.`],
  }
}

const footer = (page: Page): string[] => [
  '',
  ...grid(page, [{ mark: '→', lines: ['`cio-audit rules explain <rule>` shows the whole page of one.'] }]),
]

export async function explainRule(id: string, config: string | undefined, io: Io): Promise<number> {
  const { rules } = await loadRulebook(config, io.cwd)
  const rule = rules.find(({ meta }) => meta.id === id)
  if (!rule) {
    const near = nearest(
      id,
      rules.map(({ meta }) => meta.id),
    )
    throw new UsageError(
      'USAGE_RULE',
      `There is no rule ${id}.`,
      near === null
        ? 'Run `cio-audit rules` for the list.'
        : `Did you mean ${near}? \`cio-audit rules\` lists them all.`,
    )
  }
  await writeOut(io.stdout, [renderRulePage(rule)])
  return 0
}
