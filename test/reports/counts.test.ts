import { parse } from 'csv-parse/sync'
import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { statuses } from '../../src/core/report.ts'
import { severities } from '../../src/core/settings.ts'
import { filesOf, fileOf, sarifRun, xmlAll, xmlOf } from '../support/formats.ts'
import { generatedAudit, type GeneratedRule } from '../support/generated-audit.ts'

const counts = fc.oneof(
  fc.constantFrom(0, 1, 2, 2048, 4998, 4999, 5000, 5001),
  fc.integer({ min: 0, max: 300 }),
)
const generatedRules = fc
  .array(
    fc.record({
      severity: fc.constantFrom(...severities),
      status: fc.constantFrom(...statuses),
      findings: counts,
    }),
    { maxLength: 5 },
  )
  .map((rules) =>
    rules.map((rule, at): GeneratedRule => ({
      ...rule,
      rule: `${at % 2 ? 'identity' : 'events'}/rule-${at}`,
    })),
  )

test('every format counts the same findings: report, CSV, manifest, SARIF with what it rolled up, JUnit', async () => {
  await fc.assert(
    fc.asyncProperty(generatedRules, async (rules) => {
      const input = generatedAudit(rules)
      const totals = Object.fromEntries(rules.map(({ rule, findings }) => [rule, findings]))
      expect(
        Object.fromEntries(input.report.rules.map(({ rule, findings }) => [rule, findings.total])),
      ).toEqual(totals)

      const csv = await filesOf('csv', input)
      const rows: { rule: string; fingerprint: string }[] = parse(csv.get('findings.csv') ?? '', {
        columns: true,
      })
      const byRule = Map.groupBy(rows, ({ rule }) => rule)
      expect(Object.fromEntries(rules.map(({ rule }) => [rule, byRule.get(rule)?.length ?? 0]))).toEqual(
        totals,
      )
      const manifest = JSON.parse(csv.get('manifest.json') ?? '') as {
        files: { file: string; rows: number }[]
      }
      const all = rules.reduce((sum, { findings }) => sum + findings, 0)
      expect(manifest.files.find(({ file }) => file === 'findings.csv')?.rows).toBe(all)

      const { results } = sarifRun(await fileOf('sarif', input))
      expect(results.length).toBeLessThanOrEqual(5000)
      const told = Object.fromEntries(rules.map(({ rule }) => [rule, 0]))
      for (const { ruleId, properties } of results)
        told[ruleId] = (told[ruleId] ?? 0) + (properties.rolledUp ?? 1)
      expect(told).toEqual(totals)
      const known = new Set(rows.map(({ fingerprint }) => fingerprint))
      const single = results.filter(({ properties }) => properties.rolledUp === undefined)
      const shown = new Set(single.map(({ partialFingerprints }) => partialFingerprints['cioAudit/v1'] ?? ''))
      expect(shown.size).toBe(single.length)
      expect([...shown].filter((fingerprint) => !known.has(fingerprint))).toEqual([])

      const cases = xmlAll(xmlOf(await fileOf('junit', input)), 'testcase')
      const inJunit = cases.flatMap((one) =>
        xmlAll(one, 'property')
          .filter(({ attributes }) => attributes['name'] === 'findings')
          .map(({ attributes }) => [one.attributes['name'], Number(attributes['value'])]),
      )
      expect(Object.fromEntries(inJunit)).toEqual(totals)
    }),
    { numRuns: 15 },
  )
})
