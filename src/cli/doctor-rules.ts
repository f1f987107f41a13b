import { limitlessNotices } from '../audit/limitless.ts'
import type { Input, Need, Rule } from '../audit/rule.ts'
import { checklistItems } from '../core/checklist.ts'
import type { Settings } from '../core/settings.ts'
import { isInForce } from '../core/verdict.ts'
import type { Check } from './doctor-report.ts'

const inputWords: Readonly<Record<Input, string>> = {
  orders: '--orders',
  'earlier-plan': 'an earlier run',
  'daily-counts': 'six weeks of runs or files',
}

/** Which rules a run would leave without an answer, and which questions of the checklist nothing would answer. */
export function ruleChecks(
  rules: readonly Rule[],
  settings: Settings,
  unmet: ReadonlyMap<Need, string>,
  now: Date,
): Check[] {
  const off = rules.filter(({ meta }) => settings.rules[meta.id]?.enabled === false)
  const on = rules.filter((rule) => !off.includes(rule))
  const blind = on.filter(({ meta }) => meta.sources['app-api'] === 'none')
  const waiting = on
    .filter((rule) => !blind.includes(rule))
    .flatMap(({ meta }) => {
      const needs = meta.needs.filter((need) => unmet.has(need))
      return needs.length === 0 ? [] : [{ id: meta.id, for: needs.map((need) => unmet.get(need) ?? need) }]
    })
  const unable = new Set(waiting.map(({ id }) => id))
  const comparing = on.flatMap(({ meta: { id, input, sources } }) =>
    input === undefined || sources['app-api'] === 'none' || unable.has(id) ? [] : [{ id, input }],
  )
  const judged = on.length - blind.length - waiting.length - comparing.length
  const list = (some: readonly Rule[]): string => some.map(({ meta }) => meta.id).join(', ')
  return [
    {
      mark: 'ok',
      text: `${judged} of ${rules.length} rules can judge, if their streams are read to the end.`,
    },
    ...(off.length > 0
      ? [{ mark: 'none' as const, text: `Skipped, switched off in the config: ${list(off)}.` }]
      : []),
    ...(blind.length > 0
      ? [{ mark: 'none' as const, text: `Skipped, the App API cannot show it: ${list(blind)}.` }]
      : []),
    ...(comparing.length > 0
      ? [
          {
            mark: 'none' as const,
            text: `Skipped, unless a run has what they compare with: ${comparing
              .map(({ id, input }) => `${id} (${inputWords[input]})`)
              .join(', ')}.`,
          },
        ]
      : []),
    ...waiting.map(({ id, for: needs }): Check => ({
      mark: 'warn',
      text: `${id} would be inconclusive: ${[...new Set(needs)].join(', ')}.`,
    })),
    ...limitlessNotices(on, settings).map((text): Check => ({ mark: 'warn', text })),
    ...unprovenCheck(
      on.filter((rule) => !blind.includes(rule)),
      settings,
      now,
    ),
  ]
}

function unprovenCheck(rules: readonly Rule[], { attest }: Settings, now: Date): Check[] {
  const open = checklistItems.filter((item) => {
    const attestation = attest[item]
    const isProven = rules.some(({ meta }) => meta.checklist.includes(item))
    return !isProven && !(attestation && isInForce(attestation, now))
  })
  if (open.length === 0) return []
  return [
    {
      mark: 'warn',
      text: `No rule can show ${open.join(', ')}: the verdict stays INCONCLUSIVE until somebody vouches for it under \`attest:\` in cio-audit.yaml.`,
    },
  ]
}
