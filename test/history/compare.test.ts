import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import type { Side, SideFinding, SideRule } from '../../src/core/comparison.ts'
import { UsageError } from '../../src/core/errors.ts'
import { compareSides } from '../../src/history/index.ts'
import { chunk } from '../support/kept-runs.ts'

const rule = 'identity/duplicate-email'
const judged: SideRule = {
  status: 'fail',
  severity: 'error',
  affected: 3,
  rate: 0.1,
  version: 'v1',
  findings: 1,
  accepted: 0,
}

function side(
  found: Readonly<Record<string, number>>,
  other: Partial<Side> = {},
  own: Partial<SideRule> = {},
): Side {
  const findings = Object.entries(found).map(([fingerprint, affected]): SideFinding => ({
    rule,
    fingerprint,
    affected,
    subject: null,
  }))
  return {
    runId: 'a'.repeat(32),
    asOf: '2026-11-20T12:00:00Z',
    workspaceId: 101,
    decision: 'no-go',
    tool: '0.1.0',
    plan: { version: '1.0.0', origin: 'tracking-plan.yaml' },
    vantage: { sources: ['app-api'], days: 30, sampled: false },
    journeys: [],
    rules: new Map([[rule, { ...judged, ...own }]]),
    findings: () => chunk(findings),
    ...other,
  }
}

test('each finding once, under what became of it', async () => {
  const { counts, rules } = await compareSides(
    side({ gone: 2, less: 5, more: 5, same: 7 }),
    side({ came: 3, less: 4, more: 6, same: 7 }, { asOf: '2026-11-21T12:00:00Z' }),
  )
  expect(counts).toEqual({ new: 1, fixed: 1, worse: 1, better: 1, differently: 0, same: 1 })
  expect(rules[0]?.changes).toEqual([
    { change: 'worse', fingerprint: 'more', subject: null, before: 5, after: 6 },
    { change: 'better', fingerprint: 'less', subject: null, before: 5, after: 4 },
    { change: 'new', fingerprint: 'came', subject: null, before: null, after: 3 },
    { change: 'fixed', fingerprint: 'gone', subject: null, before: 2, after: null },
  ])
})

test('whatever the findings, their counts add up, and the way back is the mirror', async () => {
  const found = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.integer({ min: 1, max: 3 }))
  await fc.assert(
    fc.asyncProperty(found, found, async (old, now) => {
      const { counts } = await compareSides(side(old), side(now))
      expect(counts.new + counts.worse + counts.better + counts.same).toBe(Object.keys(now).length)
      expect(counts.fixed + counts.worse + counts.better + counts.same).toBe(Object.keys(old).length)
      const back = await compareSides(side(now), side(old))
      expect(back.counts).toEqual({
        ...counts,
        new: counts.fixed,
        fixed: counts.new,
        worse: counts.better,
        better: counts.worse,
      })
    }),
    { numRuns: 40 },
  )
})

const apart: Readonly<Record<string, readonly [Partial<Side>, Partial<SideRule>, RegExp]>> = {
  'another version of the rule': [{}, { version: 'v2' }, /another version/],
  'a rule that was not judged': [{}, { status: 'inconclusive' }, /inconclusive in the second run/],
  'a rule that was left out': [{}, { status: 'skipped' }, /skipped in the second run/],
  'another source': [
    { vantage: { sources: ['app-api', 'pipelines'], days: 30, sampled: false } },
    {},
    /other sources/,
  ],
  'a shorter window': [{ vantage: { sources: ['app-api'], days: 7, sampled: false } }, {}, /another window/],
  'a sample': [{ vantage: { sources: ['app-api'], days: 30, sampled: true } }, {}, /a sample of the people/],
  'no such rule': [{ rules: new Map() }, {}, /only the first run has the rule/],
}

test.each(Object.entries(apart))('%s: nothing is called new or fixed', async (_, [other, own, reason]) => {
  const { counts, rules } = await compareSides(
    side({ a: 1, b: 1, c: 1 }),
    side({ b: 2, c: 1, d: 1 }, other, own),
  )
  expect(counts).toEqual({ new: 0, fixed: 0, worse: 0, better: 0, differently: 3, same: 1 })
  expect(rules[0]?.differs).toMatch(reason)
})

test('plans, programs and questions that differ are told; a plan sets apart only what goes by it', async () => {
  const other = {
    plan: { version: '1.1.0', origin: 'tracking-plan.yaml' },
    tool: '0.2.0',
    journeys: [5],
    asOf: '2026-11-19T12:00:00Z',
  }
  const { notices, counts } = await compareSides(side({ a: 1 }), side({ b: 1 }, other))
  expect(notices.map((notice) => notice.slice(0, 12))).toEqual([
    'The plans di',
    'The programs',
    'The verdicts',
    'The first ru',
  ])
  expect(counts).toMatchObject({ new: 1, fixed: 1 })
  const events = (version: string | null) => new Map([['events/renamed', { ...judged, version }]])
  const unknown = await compareSides(
    side({}, { rules: events(null) }),
    side({}, { ...other, rules: events(null) }),
  )
  expect(unknown.rules[0]?.differs).toBe('another plan')
})

test.each([7, null])('another workspace (%s) is refused', async (workspaceId) => {
  await expect(compareSides(side({}), side({}, { workspaceId }))).rejects.toThrow(UsageError)
})
