import type { ListedFinding } from '../core/finding.ts'
import type { AuditReport, RuleResult } from '../core/report.ts'
import { safeJson, terminalText } from './escape.ts'
import type { RuleText } from '../core/rule-text.ts'
import type { Place, Reporter, ReportInput } from './reporter.ts'
import { shares } from './shares.ts'
import { attention, attentions, brief, byAttention, capital, number, plural, sentence } from './view.ts'

/** Code scanning shows 5,000 results of a run and cuts the rest without a word. */
export const mostResults = 5000
/** And no more than 1,000 characters of a message. */
const mostText = 1000

/** Where a finding is shown when there is neither a plan nor a config: results without a place are refused. */
const nowhere: Place = { file: 'cio-audit.yaml', line: 1 }

/**
 * SARIF 2.1.0. A result has the level of what it does to the verdict: `error` where it blocks a GO, `warning` where its
 * rule warns, `note` where it decides nothing. Where findings are more than fit, the worst rules come first, and each rule
 * with some left out gets one result that says how many.
 */
export const sarif: Reporter = {
  files: (input) => [{ path: 'report.sarif', content: () => render(input) }],
}

async function* render(input: ReportInput): AsyncIterable<string> {
  const { report } = input
  const head = {
    tool: {
      driver: {
        name: 'cio-audit',
        semanticVersion: report.tool.version,
        rules: report.rules.map((rule) => descriptor(rule, input.texts.get(rule.rule))),
      },
    },
    invocations: [invocation(report)],
    properties: { verdict: report.verdict.decision, runId: report.run.id, asOf: report.run.asOf },
  }
  yield `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[${json(head).slice(0, -1)},"results":[`
  let isFirst = true
  for await (const results of resultsOf(input)) {
    if (results.length === 0) continue
    yield `${isFirst ? '\n' : ',\n'}${results.map(json).join(',\n')}`
    isFirst = false
  }
  yield '\n]}]}\n'
}

const json = (value: object): string => safeJson(JSON.stringify(value))

async function* resultsOf(input: ReportInput): AsyncIterable<readonly object[]> {
  const groups = byAttention(input.report.rules)
  const rules = attentions
    .flatMap((kind) => groups.get(kind) ?? [])
    .filter(({ findings }) => findings.total > 0)
  for (const { rule, room } of roomOf(rules)) {
    const { total } = rule.findings
    let left = room
    for await (const findings of input.findings(rule.rule)) {
      const taken = findings.slice(0, left)
      left -= taken.length
      yield taken.map((finding) => resultOf(rule, finding, input))
      if (left === 0) break
    }
    if (total > room) yield [rollUp(rule, total - room, input)]
  }
}

/** How many findings of each rule are shown; rules of one level share what the levels above have left. */
function roomOf(rules: readonly RuleResult[]): { readonly rule: RuleResult; readonly room: number }[] {
  const all = rules.reduce((sum, { findings }) => sum + findings.total, 0)
  // Each rule may need a result that says what was left out.
  let left = all <= mostResults ? mostResults : Math.max(0, mostResults - rules.length)
  return [...Map.groupBy(rules, attention).values()].flatMap((level) => {
    const rooms = shares(
      level.map(({ findings }) => findings.total),
      left,
    )
    left -= rooms.reduce((sum, room) => sum + room, 0)
    return level.map((rule, at) => ({ rule, room: rooms[at] ?? 0 }))
  })
}

type Level = 'error' | 'warning' | 'note'

const levelOf = (rule: RuleResult): Level => {
  const kind = attention(rule)
  return kind === 'fail' ? 'error' : kind === 'warn' ? 'warning' : 'note'
}

/** A finding that only informs does not become an error because its rule fails for others. */
function findingLevel(rule: RuleResult, { severity, state }: ListedFinding): Level {
  const level = levelOf(rule)
  if (state !== 'new' || severity === 'info') return 'note'
  return level === 'error' && severity === 'warn' ? 'warning' : level
}

function resultOf(rule: RuleResult, finding: ListedFinding, input: ReportInput): object {
  const { fingerprint, message, subject, remediation, affected, unit, journeys, state } = finding
  const asked = [
    sentence(capital(message)),
    ...(journeys.length === 0 ? [] : [`Journeys: ${journeys.map(({ name }) => name).join(', ')}.`]),
    `Mend: ${remediation}`,
  ]
  return {
    ruleId: rule.rule,
    ruleIndex: input.report.rules.indexOf(rule),
    level: findingLevel(rule, finding),
    message: { text: plainText(asked.join(' ')) },
    locations: [
      {
        physicalLocation: physical(input.place(rule.rule, subject)),
        logicalLocations: [
          { name: shown(subject.label), fullyQualifiedName: shown(subject.key), kind: subject.kind },
        ],
      },
    ],
    partialFingerprints: fingerprints(fingerprint),
    ...(state === 'waived' ? { suppressions: [{ kind: 'external', status: 'accepted' }] } : {}),
    properties: { affected, unit, state },
  }
}

function rollUp(rule: RuleResult, left: number, input: ReportInput): object {
  const text = `${plural(left, 'more finding')} of ${rule.rule}, of ${number(rule.findings.total)} in all, are rolled up here: SARIF takes ${number(mostResults)} results. All of them stand in findings.csv.`
  return {
    ruleId: rule.rule,
    ruleIndex: input.report.rules.indexOf(rule),
    level: levelOf(rule),
    message: { text: plainText(text) },
    locations: [{ physicalLocation: physical(input.place(rule.rule)) }],
    partialFingerprints: fingerprints(`rolled-up:${rule.rule}`),
    properties: { rolledUp: left },
  }
}

/**
 * GitHub goes by the first name alone and computes it from the text of the line where it is not given; then all findings
 * about one line of the plan would be one alert.
 */
const fingerprints = (value: string) => ({ primaryLocationLineHash: value, 'cioAudit/v1': value })

const physical = (place: Place | null) => {
  const { file, line } = place ?? nowhere
  return { artifactLocation: { uri: encodeURI(file) }, region: { startLine: line } }
}

const shown = (value: string): string => terminalText(brief(value))

/** `[text](1)` in a message is a link to a location; a backslash says that it is none. */
const plainText = (text: string): string =>
  terminalText(brief(text, mostText)).replace(/\[(?=[^\]]*\]\()/g, '\\[')

function descriptor(rule: RuleResult, guide: RuleText | undefined): object {
  const title = guide?.failureTitle ?? rule.rule
  const parts = [
    ['Why it matters', guide?.why],
    ['How it decides', guide?.decides],
    ['How to mend it', guide?.mend],
  ].flatMap(([name, text]) => (text === undefined ? [] : [[name ?? '', text] as const]))
  return {
    id: rule.rule,
    shortDescription: { text: shown(title) },
    fullDescription: { text: shown(guide?.why ?? title) },
    help: {
      text: parts.map(([name, text]) => `${name}: ${text}`).join('\n\n') || rule.rule,
      markdown: parts.map(([name, text]) => `## ${name}\n\n${text}`).join('\n\n') || rule.rule,
    },
    defaultConfiguration: {
      level: ({ error: 'error', warn: 'warning', info: 'note' } as const)[rule.severity],
    },
    properties: { tags: [rule.category, ...rule.checklist] },
  }
}

/** What could not be judged is no result; it stands where tools look for what went wrong. */
function invocation({ rules, verdict, notices }: AuditReport): object {
  const unjudged = rules.filter(({ status }) => status === 'inconclusive')
  return {
    executionSuccessful: true,
    toolExecutionNotifications: [
      { level: 'none', message: { text: plainText(`${verdict.decision.toUpperCase()}: ${verdict.reason}`) } },
      ...unjudged.map(({ rule, reason }) => ({
        level: 'warning',
        message: { text: plainText(sentence(capital(reason))) },
        associatedRule: { id: rule },
      })),
      ...notices.map((notice) => ({ level: 'note', message: { text: plainText(notice) } })),
    ],
  }
}
