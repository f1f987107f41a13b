import type { ListedFinding } from '../core/finding.ts'
import type { MergeSide, MergeSuggestion } from '../core/merge.ts'
import type { AuditReport, EvidenceRow, Finding, Subject } from '../core/report.ts'
import type { Masker, Personal } from './mask.ts'
import { personalKind } from './personal-kind.ts'
import type { Evidence, ReportInput } from './reporter.ts'

/**
 * The same audit with people's addresses, phones, names and tokens masked. Ids, counts and fingerprints stay: with
 * them a finding can be looked up by whoever may see the workspace.
 */
export function maskInput(input: ReportInput, masker: Masker): ReportInput {
  return {
    report: maskReport(input.report, masker),
    timings: input.timings,
    trend: input.trend,
    timeline: {
      ...input.timeline,
      events: input.timeline.events.map((event) => ({ ...event, name: masker.text(event.name) })),
    },
    texts: input.texts,
    place: (rule, subject) => input.place(rule, subject),
    findings: (rule) => masked(input.findings(rule), (finding) => maskFinding(finding, masker)),
    rulesFound: input.rulesFound,
    evidence: (rule) => maskEvidence(input.evidence(rule), masker),
    merges: () => masked(input.merges(), (merge) => maskMerge(merge, masker)),
  }
}

/** A `cio_id` is no secret; a device token is, so a merge that would have to carry one cannot be written down masked. */
function maskMerge(merge: MergeSuggestion, masker: Masker): MergeSuggestion {
  const side = ({ cio_id, id, email, identity }: MergeSide): MergeSide => ({
    cio_id,
    id: id === null ? null : masker.text(id),
    email: email === null ? null : masker.value('email', email),
    identity:
      identity !== null && 'id' in identity && masker.text(identity.id) !== identity.id ? null : identity,
  })
  return {
    ...merge,
    primary: side(merge.primary),
    secondary: side(merge.secondary),
    conflicts: merge.conflicts.map((name) => masker.text(name)),
    devices: merge.devices?.length === 0 ? merge.devices : null,
  }
}

export function maskReport(report: AuditReport, masker: Masker): AuditReport {
  return {
    ...report,
    sources: report.sources.map((source) => ({
      ...source,
      workspace: {
        ...source.workspace,
        name: source.workspace.name === null ? null : masker.text(source.workspace.name),
      },
      streams: source.streams.map((stream) => ({ ...stream, ended: masker.text(stream.ended) })),
    })),
    verdict: { ...report.verdict, reason: masker.text(report.verdict.reason) },
    checklist: report.checklist.map((line) => ({
      ...line,
      attested: line.attested && {
        ...line.attested,
        reason: masker.text(line.attested.reason),
        owner: masker.text(line.attested.owner),
      },
    })),
    rules: report.rules.map((rule) => ({
      ...rule,
      reason: masker.text(rule.reason),
      findings: {
        ...rule.findings,
        listed: rule.findings.listed.map((finding) => maskFinding(finding, masker)),
      },
    })),
    // Whoever tries a journey out may name it after the address that it goes to.
    journeys: report.journeys.map((journey) => ({ ...journey, name: masker.text(journey.name) })),
    notices: report.notices.map((notice) => masker.text(notice)),
  }
}

/** As a whole: a value that is masked in the subject or in the evidence is masked wherever the finding repeats it. */
export function maskFinding<F extends Finding | ListedFinding>(finding: F, masker: Masker): F {
  const known = new Map<string, string>()
  const remember = (kind: Personal, value: string): string => {
    const mask = masker.value(kind, value)
    if (value.trim().length > 1) known.set(value, mask)
    return mask
  }
  const subject = maskSubject(finding.subject, remember, masker)
  const evidence =
    'evidence' in finding
      ? { evidence: finding.evidence.map((line) => maskLine(line, remember, masker)) }
      : {}
  const text = (plain: string): string => masker.text(replaceKnown(plain, known))
  return {
    ...finding,
    subject,
    ...evidence,
    message: text(finding.message),
    remediation: text(finding.remediation),
    journeys: finding.journeys.map((journey) => ({ ...journey, name: masker.text(journey.name) })),
    link: finding.link && text(finding.link),
  }
}

/** A subject on its own, without the texts that repeat it. */
export function maskSubjectKey(
  { kind, key }: Pick<Subject, 'kind' | 'key'>,
  masker: Masker,
): Pick<Subject, 'kind' | 'key'> {
  const remember: Remember = (personal, value) => masker.value(personal, value)
  return { kind, key: maskSubject({ kind, key, label: key }, remember, masker).key }
}

type Remember = (kind: Personal, value: string) => string

const personalPrefix: Readonly<Record<string, Personal>> = { email: 'email', phone: 'phone', token: 'token' }

function maskSubject({ kind, key, label }: Subject, remember: Remember, masker: Masker): Subject {
  if (kind === 'device') {
    const mask = remember('token', key)
    remember('token', label)
    return { kind, key: mask, label: mask }
  }
  const [, prefix = '', value = ''] = /^(\w+):(.*)$/s.exec(key) ?? []
  const personal = personalPrefix[prefix]
  if (kind === 'profile-cluster' && personal) {
    const mask = remember(personal, value)
    return { kind, key: `${prefix}:${mask}`, label: label === value ? mask : masker.text(label) }
  }
  return { kind, key: masker.text(key), label: masker.text(label) }
}

/** By the name of the column; `value` holds whatever the column `attribute` or `property` beside it names. */
function maskLine<Line extends EvidenceRow>(line: Line, remember: Remember, masker: Masker): Line {
  const named = [line['attribute'], line['property'], line['path']].find((name) => typeof name === 'string')
  const cells = Object.entries(line).map(([column, cell]) => {
    const kind = personalKind(column) ?? (column === 'value' ? attributeKind(named ?? '') : undefined)
    // A number under `emails` or `tokens` is a count; under `phone` it is one.
    if (typeof cell === 'number' && kind === 'phone' && cell >= 1e6)
      return [column, remember(kind, String(cell))]
    if (typeof cell !== 'string') return [column, cell]
    return [column, kind ? remember(kind, cell) : masker.text(withoutTorn(cell))]
  })
  // `fromEntries` defines keys, so that a column named `__proto__` stays a column.
  return Object.fromEntries(cells) as Line
}

/** The model keeps so much of a long value (`left(…, 200)`). */
const longestValue = 200

/** What the cut went through may be half an address, which does not look like one any more. */
function withoutTorn(cell: string): string {
  return cell.length < longestValue ? cell : cell.replace(/[^\s"',;:(){}[\]<>]+$/u, '…')
}

/** An attribute of a person that is called `name` is theirs; a column of that name can be an event's. */
const attributeKind = (name: string): Personal | undefined => (name === 'name' ? 'name' : personalKind(name))

function replaceKnown(text: string, known: ReadonlyMap<string, string>): string {
  let replaced = text
  // Longest first, so that no value is masked inside a longer one.
  for (const [value, mask] of [...known].toSorted(([a], [b]) => b.length - a.length)) {
    replaced = replaced.replaceAll(value, (match: string, at: number, whole: string) =>
      inWord(whole[at - 1]) || inWord(whole[at + match.length]) ? match : mask,
    )
  }
  return replaced
}

/** "Al" is masked in "Al bought twice", not in "Also". */
const inWord = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}]/u.test(character)

function maskEvidence({ columns, rows }: Evidence, masker: Masker): Evidence {
  const remember: Remember = (kind, value) => masker.value(kind, value)
  return { columns, rows: masked(rows, (line) => maskLine(line, remember, masker)) }
}

async function* masked<T>(
  chunks: AsyncIterable<readonly T[]>,
  mask: (item: T) => T,
): AsyncIterable<readonly T[]> {
  for await (const chunk of chunks) yield chunk.map(mask)
}
