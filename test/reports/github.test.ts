import { expect, test } from 'vitest'
import { workflowProperty, workflowText } from '../../src/reports/escape.ts'
import { annotations, quietly, renderTable } from '../../src/reports/index.ts'
import { generatedAudit, hundredThousand } from '../support/generated-audit.ts'
import { hostileAudit, hostileValues } from '../support/hostile-audit.ts'
import { fixedAudit } from '../support/report-fixture.ts'

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

test('the verdict comes first, and each rule once, on its line', () => {
  const lines = linesOf(annotations(fixedAudit()))
  expect(lines[0]).toBe('::error title=cio-audit::NO-GO: 2 blocking rules failed.')
  expect(lines.map((line) => /^::(\w+) .*?title=([^,:]+)::/.exec(line)?.slice(1).join(' '))).toEqual([
    'error cio-audit',
    'error attributes/wrong-type',
    'error identity/duplicate-email',
    'warning events/missing-property',
    'warning devices/orphaned-token',
  ])
  expect(lines[2]).toContain('file=cio-audit.yaml,line=3,')
})

test('a GO is told, and where there is no file there is no line', () => {
  const { report } = fixedAudit()
  const go = {
    ...report,
    verdict: { ...report.verdict, decision: 'go' as const, reason: 'no blocking rule failed' },
    rules: [],
  }
  expect(annotations({ report: go, place: () => null })).toBe(
    '::notice title=cio-audit::GO: no blocking rule failed.\n',
  )
})

test('no more than ten of a kind, and it is said how many are not shown', () => {
  const rules = (['error', 'warn', 'info'] as const).flatMap((severity) =>
    Array.from({ length: 14 }, (_, at) => ({
      rule: `events/${severity}-${at}`,
      severity,
      status: 'fail' as const,
      findings: 3,
    })),
  )
  const lines = linesOf(annotations(generatedAudit(rules)))
  for (const kind of ['error', 'warning', 'notice'])
    expect(lines.filter((line) => line.startsWith(`::${kind} `))).toHaveLength(10)
  expect(lines.at(-1)).toBe(
    '13 rules are not annotated: GitHub shows 10 annotations of a kind. The summary has them all.',
  )
  expect(lines).toHaveLength(31)
})

test('of 100,000 findings each rule tells its worst', () => {
  const text = annotations(generatedAudit(hundredThousand))
  expect(text).toMatch(/title=identity\/duplicate-email::.*40,000 findings .*The worst: 2 profiles share/)
  expect(text.length).toBeLessThan(10_000)
})

test('no value becomes a command, ends a property or breaks a line', () => {
  for (const value of hostileValues) {
    const input = { ...hostileAudit(value), place: () => ({ file: value.slice(0, 200), line: 1 }) }
    for (const line of linesOf(annotations(input))) {
      expect(line).toMatch(/^::(?:error|warning|notice) (?:file=[^,:\r]*,line=\d+,)?title=[^,:\r]*::[^\r]*$/u)
      expect(line).not.toMatch(/%(?!25|3A|2C)/)
    }
  }
  expect(workflowText('50 %\nnext')).toBe('50 %25\\nnext')
  expect(workflowProperty('a: b, c')).toBe('a%3A b%2C c')
})

test('what stands between is not obeyed: the table of a hostile workspace', () => {
  const input = hostileAudit()
  const text = quietly(renderTable(input.report, { width: 80, colour: false }), input.report)
  const [first = '', ...rest] = linesOf(text)
  const token = /^::stop-commands::(cio-audit-[\w-]{20,})$/.exec(first)?.[1] ?? 'none'
  expect(rest.at(-1)).toBe(`::${token}::`)
  expect(rest.slice(0, -1).join('\n')).not.toContain(token)
})
