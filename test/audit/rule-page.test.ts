import { expect, test } from 'vitest'
import { z } from 'zod'
import { rules } from '../../rules/index.ts'
import { renderRulePage } from '../../src/audit/rule-page.ts'
import { defineRule, duration, sql } from '../../src/audit/rule.ts'

const page = renderRulePage(
  defineRule({
    meta: {
      id: 'events/late-cart',
      title: 'Carts arrive in time',
      failureTitle: 'Some carts arrive late',
      severity: 'warn',
      checklist: ['event-dedupe'],
      needs: ['planned-events'],
      sources: { 'app-api': 'partial', 'people-export': 'none', 'warehouse-sync': 'none', pipelines: 'full' },
      threshold: { maxRate: 0.07 },
      measuredBy: 'rule',
      subject: 'event',
      unit: 'carts',
      docs: { why: 'Because.', decides: 'By the clock.', blind: 'Clocks that are wrong.' },
    },
    options: z.object({ after: duration('12h').describe('Later than this is | late.') }),
    population: () => sql`select 1 as count`,
    row: z.object({}),
    query: () => sql`select 1`,
    finding: () => ({ subject: { key: 'x', label: 'x' }, message: '', affected: 1, unit: 'carts' }),
    evidenceRow: z.object({}),
    evidence: () => sql`select 1`,
    remediation: ({ after }) => `Send them within ${after} seconds.`,
    examples: [
      {
        title: 'Late',
        workspace: {
          profiles: [
            { cio_id: 'a1', email: 'a|b@shop.test', devices: [{ token: 't'.repeat(40), platform: 'ios' }] },
          ],
          events: [{ cio_id: 'a1', name: 'cart', at: '2026-11-20T10:00:00Z', data: { note: '`a`\nb' } }],
        },
        findings: ['cart|1'],
      },
      { title: 'In time', workspace: {}, findings: [] },
    ],
  }),
)

test('says everything about a rule', () => {
  expect(page).toBe(`# events/late-cart

Some carts arrive late.

|  |  |
| --- | --- |
| Healthy | Carts arrive in time |
| Severity | warn: it blocks a GO only with --fail-on warn |
| Fails | more than 7 % of carts |
| With \`--sample\` | inconclusive: a sample does not show it |
| Launch questions | Is there working protection against duplicate events? |
| Reads | the events that the plan or a journey names |
| Shown by | App API (in part), Pipelines files |

## Why it matters

Because.

## How it decides

By the clock.

## What it does not see

Clocks that are wrong.

## How to mend it

Send them within 43200 seconds.

## Options

| Option | Default | Meaning |
| --- | --- | --- |
| \`after\` | \`"12h"\` | Later than this is \\| late. |

In \`cio-audit.yaml\`, with the limits that every rule has:

\`\`\`yaml
rules:
  events/late-cart: { severity: warn, maxRate: 0.07 }   # or: off
\`\`\`

## Examples

### Late

| cio_id | id | email | devices |
| --- | --- | --- | --- |
| \`a1\` |  | \`a\\|b@shop.test\` | \`tttttttttttttttttttttttt… (ios)\` |

| cio_id | event | at | properties |
| --- | --- | --- | --- |
| \`a1\` | \`cart\` | \`2026-11-20T10:00:00Z\` | \`\` {"note":"\`a\`\\nb"} \`\` |

Found: \`cart|1\`.

### In time

Nothing is found.
`)
})

test.each(rules.map((rule) => ({ rule, id: rule.meta.id })))('$id has every section', ({ rule }) => {
  const text = renderRulePage(rule)
  for (const heading of [
    'Why it matters',
    'How it decides',
    'What it does not see',
    'How to mend it',
    'Options',
    'Examples',
  ]) {
    expect(text).toMatch(new RegExp(`^## ${heading}\n\n\\S`, 'm'))
  }
  expect(text).not.toMatch(/undefined|\[object|NaN/)
})
