import type { ListedFinding } from '../../core/finding.ts'
import { subjectKinds, type AuditReport, type Finding } from '../../core/report.ts'
import { severities } from '../../core/settings.ts'
import { terminalText } from '../escape.ts'
import { cell } from './sections/examples.ts'
import { states } from './facts.ts'
import { text } from './parts.ts'
import { shares } from '../shares.ts'
import { unitFor } from '../view.ts'
import { scriptJson } from './script-json.ts'
import type { Chunk, Records, Rest, Row } from './wire.ts'

/** Beyond these the file would be too big to open, and `findings.csv` is there. */
const mostFindings = 100_000
const mostBytes = 30_000_000
/** What the first rows may take beyond their share, before any has left something. */
const advance = 3_000_000
/** Lengths that texts are cut to, in turn, until a row is paid for by its share of the room and by what others left. */
const lengths = [600, 240, 80, 30, 12] as const
const recordsShown = 5
const mostRemedies = 40
/** How much of the room the records of the listed findings may take. */
const mostRecordBytes = 3_000_000

/** Turns findings into rows as long as there is room, and remembers which words the next part has to bring along. */
export class Rows {
  readonly #room: Map<string, number>
  readonly #share: number
  readonly #rules: ReadonlyMap<string, number>
  readonly #listed: ReadonlyMap<string, Finding>
  readonly #words = new Map<string, number>()
  readonly #journeys = new Map<number, number>()
  readonly #remedies = new Map<string, Set<string>>()
  #freshWords: string[] = []
  #freshJourneys: [number, string][] = []
  #purse = advance
  #records = mostRecordBytes
  #written = 0
  #leftOut = 0

  constructor(report: AuditReport, wanted: ReadonlyMap<string, number>) {
    const rooms = shares([...wanted.values()], mostFindings)
    this.#room = new Map([...wanted.keys()].map((rule, at) => [rule, rooms[at] ?? 0]))
    this.#share =
      mostBytes /
      Math.max(
        1,
        [...this.#room.values()].reduce((sum, count) => sum + count, 0),
      )
    this.#rules = new Map(report.rules.map(({ rule }, at) => [rule, at]))
    this.#listed = new Map(
      report.rules.flatMap(({ findings }) =>
        findings.listed.map((finding) => [finding.fingerprint, finding]),
      ),
    )
  }

  take(finding: ListedFinding): string | undefined {
    const room = this.#room.get(finding.rule) ?? 0
    if (room === 0) {
      this.#leftOut += 1
      return undefined
    }
    this.#room.set(finding.rule, room - 1)
    this.#written += 1
    this.#purse += this.#share
    const records = this.#recordsOf(finding)
    // Records have a room of their own.
    const extra = records === 0 ? 0 : Buffer.byteLength(scriptJson(records))
    let row = ''
    for (const length of lengths) {
      row = scriptJson(this.#row(finding, records, length))
      if (Buffer.byteLength(row) - extra <= this.#purse) break
    }
    this.#purse -= Buffer.byteLength(row) - extra
    return row
  }

  chunk(rows: readonly string[]): string {
    const head: Omit<Chunk, 'rows'> = { words: this.#freshWords, journeys: this.#freshJourneys }
    this.#freshWords = []
    this.#freshJourneys = []
    return `${scriptJson(head).slice(0, -1)},"rows":[${rows.join(',\n')}]}`
  }

  rest(): Rest {
    return { written: this.#written, leftOut: this.#leftOut }
  }

  #row(finding: ListedFinding, records: Records | 0, length: number): Row {
    const cut = (value: string): string =>
      value.length > length ? `${terminalText(value.slice(0, length))}…` : terminalText(value)
    const { key, label, kind } = finding.subject
    return [
      finding.fingerprint,
      this.#rules.get(finding.rule) ?? 0,
      severities.indexOf(finding.severity),
      states.indexOf(finding.state),
      subjectKinds.indexOf(kind),
      cut(key),
      label === key ? '' : cut(label),
      cut(finding.message),
      finding.affected,
      this.#word(unitFor(finding.affected, finding.unit)),
      seconds(finding.firstSeen),
      seconds(finding.lastSeen),
      finding.journeys.map(({ id, name }) => this.#journey(id, name)),
      this.#remedy(finding),
      this.#link(finding.link),
      records,
    ]
  }

  #word(value: string): number {
    const known = this.#words.get(value)
    if (known !== undefined) return known
    this.#freshWords.push(text(value))
    this.#words.set(value, this.#words.size)
    return this.#words.size - 1
  }

  #journey(id: number, name: string): number {
    const known = this.#journeys.get(id)
    if (known !== undefined) return known
    this.#freshJourneys.push([id, text(name)])
    this.#journeys.set(id, this.#journeys.size)
    return this.#journeys.size - 1
  }

  /** Only addresses of the web. */
  #link(link: string | null): Row[14] {
    if (link?.startsWith('https://') !== true) return 0
    const end = link.lastIndexOf('/') + 1
    return [this.#word(link.slice(0, end)), text(link.slice(end))]
  }

  /** Most rules say the same of each finding. One that does not may say so many things, and the CSV has the others. */
  #remedy({ rule, remediation }: ListedFinding): number {
    const said = this.#remedies.get(rule) ?? new Set()
    this.#remedies.set(rule, said)
    if (!said.has(remediation) && said.size >= mostRemedies) return -1
    said.add(remediation)
    return this.#word(remediation)
  }

  #recordsOf({ fingerprint }: ListedFinding): Records | 0 {
    const evidence = this.#listed.get(fingerprint)?.evidence.slice(0, recordsShown) ?? []
    if (evidence.length === 0 || this.#records <= 0) return 0
    const columns = [...new Set(evidence.flatMap((record) => Object.keys(record)))]
    const records = {
      columns: columns.map(text),
      rows: evidence.map((record) => columns.map((column) => cell(record[column] ?? null))),
    }
    this.#records -= Buffer.byteLength(scriptJson(records))
    return records
  }
}

const seconds = (iso: string | null): number => (iso === null ? 0 : Date.parse(iso) / 1000)
