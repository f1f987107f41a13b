import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import type { AuditReport } from '../../src/core/report.ts'
import type { SampleWanted } from '../../src/sources/app-api/index.ts'
import { withShop } from '../support/shop.ts'

const broken = { people: 2000, seed: 1, variant: 'broken' } as const
const healthy = { people: 2000, seed: 3, variant: 'healthy' } as const

async function reportOf(shop: typeof broken | typeof healthy, sample?: SampleWanted): Promise<AuditReport> {
  const [report] = await withShop(
    shop,
    ['built-in'],
    undefined,
    async ({ outcome }) => outcome.report,
    sample,
  )
  return report as AuditReport
}

const statusOf = ({ rules: all }: AuditReport, rule: string) => all.find((result) => result.rule === rule)

test(
  'a sample of the broken shop fails nothing and passes nothing that the whole shop would not',
  { timeout: 300_000 },
  async () => {
    const whole = await reportOf(broken)
    const intervals: { rule: string; seed: number; holds: boolean }[] = []
    for (const seed of [1, 2]) {
      const report = await reportOf(broken, { people: 500, seed })
      expect(report.run.sample).toEqual({ people: 500, of: whole.totals.profiles, seed })
      expect(report.verdict.decision).toBe('no-go')
      expect(report.verdict.reason).toContain(`, in a sample of 500 of ${whole.totals.profiles} people;`)
      expect(report.totals.profiles).toBe(500)
      for (const { rule, status, interval } of report.rules) {
        const truth = statusOf(whole, rule)
        if (status === 'fail' || status === 'pass')
          expect({ rule, status: truth?.status }).toEqual({ rule, status })
        const isShare = rules.find(({ meta }) => meta.id === rule)?.meta.measuredBy === 'rule'
        // Of what is measured by finding, the worst one of the sample need not be the worst one of all.
        if (interval === null || !isShare || truth?.rate == null) continue
        if (rules.find(({ meta }) => meta.id === rule)?.meta.sample === 'found') continue
        intervals.push({ rule, seed, holds: interval[0] <= truth.rate && truth.rate <= interval[1] })
      }
      const failing = report.rules.filter(({ status }) => status === 'fail').map(({ rule }) => rule)
      for (const rule of ['events/duplicate-burst', 'events/missing-property', 'identity/split-history'])
        expect(failing).toContain(rule)
    }
    expect(intervals.length).toBeGreaterThan(20)
    const held = intervals.filter(({ holds }) => holds).length
    expect(held / intervals.length).toBeGreaterThanOrEqual(0.9)
  },
)

test(
  'a sample of the healthy shop is no NO-GO, and no GO either: twins of those who are drawn may be with the others',
  { timeout: 300_000 },
  async () => {
    const report = await reportOf(healthy, { people: 500, seed: 3 })
    expect(report.verdict.blocking).toEqual([])
    expect(report.rules.filter(({ status }) => status === 'fail').map(({ rule }) => rule)).toEqual([])
    expect(report.verdict.decision).toBe('inconclusive')
    expect(report.verdict.inconclusive).toContain('identity/duplicate-email')
    expect(statusOf(report, 'identity/unreachable')?.status).toBe('pass')
  },
)
