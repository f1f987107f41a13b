import type { AuditReport } from '../../src/core/report.ts'
import type { ReportInput } from '../../src/reports/index.ts'
import { fixedAudit, inputOf } from './report-fixture.ts'

/** What does harm somewhere: in a spreadsheet, a page, a terminal, a log that is obeyed, or a number that is too large. */
export const hostileValues: readonly string[] = [
  '=HYPERLINK("http://evil.example","click")',
  '@SUM(1+1)*cmd|calc!A0',
  '<script>alert(1)</script><img src=x onerror=alert(2)>',
  ']]><failure message="forged"/><![CDATA[',
  '&lt;b&gt; &#x1b; &nosuch; "quoted" \'twice\'',
  '[link](javascript:alert(1)) ![image](http://evil.example/x.png) <http://evil.example> www.evil.example',
  '# heading\n\n| a | b |\n| --- | --- |\n\n- [ ] task ~~gone~~ **bold** _it_ $math$ :bug: @everyone #1 \\| | `code` ``',
  '\u001b[31mred\u001b]0;owned\u0007\u009b2J\u0000\u0008',
  '\u202egnp.exe\u202c \u2066isolated\u2069 \u200f\u200b\ufeff\u2028\u2029',
  '::error file=x::forged\n::set-env name=PATH::/evil\r::stop-commands::x ##[error]old %0A::warning::x %25',
  '9223372036854775807 -9223372036854775808 18446744073709551616',
  '👩‍👩‍👧‍👦 🇩🇪 Zoë 谢谢 مرحبا \ud800 lone \udfff',
  '__proto__ constructor {0} {{x}} ${y} %s %n',
  'n'.repeat(10_240),
  '`'.repeat(200),
]

/** One text in every place that a workspace can write to. */
export function withText(report: AuditReport, text: string): AuditReport {
  return {
    ...report,
    sources: report.sources.map((source) => ({
      ...source,
      workspace: { ...source.workspace, name: text },
      streams: source.streams.map((stream) => ({ ...stream, name: text, ended: text })),
    })),
    journeys: report.journeys.map((journey) => ({ ...journey, name: text })),
    notices: [text],
    checklist: report.checklist.map((line) => ({
      ...line,
      attested: line.attested && { ...line.attested, owner: text, reason: text },
    })),
    rules: report.rules.map((rule) => ({
      ...rule,
      reason: text,
      findings: {
        ...rule.findings,
        listed: rule.findings.listed.map((finding) => ({
          ...finding,
          subject: { ...finding.subject, key: text, label: text },
          message: text,
          remediation: text,
          journeys: [{ id: 5, name: text }],
          evidence: [{ cio_id: text, id: text, email: text, value: text }],
        })),
      },
    })),
  }
}

export function hostileAudit(text = hostileValues.join(' ')): ReportInput {
  const { report, timings } = fixedAudit()
  return inputOf(withText(report, text), timings)
}
