import { expect, test } from 'vitest'
import { trendPoint, type TrendPoint } from '../../src/core/trend.ts'
import { renderTable, renderVerdict } from '../../src/reports/index.ts'
import { sparkline } from '../../src/reports/sparkline.ts'
import { displayWidth } from '../../src/reports/width.ts'
import { fixedAudit } from '../support/report-fixture.ts'

test('bars from nothing to the highest, and a dot where nobody knows', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█')
  expect(sparkline([14, null, 0])).toBe('█·▁')
  expect(sparkline([0, 0])).toBe('▁▁')
  expect(sparkline([null])).toBe('·')
})

test('the last runs alone are drawn, and the highest of them is the measure', () => {
  const line = sparkline([1000, ...Array.from({ length: 24 }, () => 1)])
  expect(line).toBe('█'.repeat(24))
  expect(displayWidth(line)).toBe(24)
})

const { report } = fixedAudit()
const plain = { width: 80, colour: false }
const failing = report.rules.filter(({ status }) => status === 'fail')
const now = trendPoint(report)
const point = (fresh: number, affected: number, status: 'pass' | 'inconclusive' = 'pass'): TrendPoint => ({
  ...now,
  findings: { total: fresh, new: fresh },
  rules: Object.fromEntries(
    failing.map(({ rule }) => [
      rule,
      { status, affected, rate: null, findings: { total: fresh, new: fresh } },
    ]),
  ),
})

test('with two runs before, the verdict and each failing rule show how things went', () => {
  const text = renderTable(report, plain, [point(now.findings.new * 2, 0, 'inconclusive'), point(0, 0)])
  expect(failing.length).toBeGreaterThan(1)
  expect(text.match(/Affected in the last runs: ·▁./g)).toHaveLength(failing.length)
  expect(text).toMatch(/New findings in the last runs: █▁▅\n/)
  expect(renderVerdict(report, plain, [point(0, 0), point(0, 0)])).toMatch(/last runs: ▁▁█\n/)
})

test('with one run before there is no line, and nothing else differs', () => {
  expect(renderTable(report, plain, [point(1, 1)])).toBe(renderTable(report, plain))
})
