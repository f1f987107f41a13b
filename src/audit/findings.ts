import type { Finding, RuleResult } from '../core/report.ts'
import type { FindingName } from '../core/baseline.ts'
import type { ListedFinding } from '../core/finding.ts'
import type { Database, Row } from '../engine/database.ts'
import { raw, sql, type Query, type SqlValue } from '../engine/sql.ts'
import type { Tally } from './judge.ts'

/** How many findings are read in one go: some megabytes. */
const rowsAtOnce = 4096

/** A finding with what only the judgement needs. */
export interface StoredFinding extends ListedFinding {
  readonly informative: boolean
  readonly population: number | null
  readonly place: number
}

export interface Counts extends Omit<RuleResult['findings'], 'listed'> {
  /** Of the new ones, those that only inform. */
  readonly informative: number
  /** Records of those that count. */
  readonly affected: number
}

const columns = {
  rule: 'varchar',
  position: 'integer',
  fingerprint: 'varchar',
  subject_kind: 'varchar',
  subject: 'varchar',
  label: 'varchar',
  message: 'varchar',
  affected: 'bigint',
  unit: 'varchar',
  severity: 'varchar',
  category: 'varchar',
  checklist: 'varchar',
  first_seen: 'varchar',
  last_seen: 'varchar',
  journeys: 'varchar',
  remediation: 'varchar',
  link: 'varchar',
  state: 'varchar',
  informative: 'boolean',
  population: 'bigint',
  place: 'bigint',
  /** Within the scope of the run, and how much of it where that is less than all. */
  inside: 'boolean',
  inside_affected: 'bigint',
}

/** Findings live in a table, not in an array: a million of them cost disk and not memory. */
export class FindingStore {
  readonly #db: Database

  private constructor(db: Database) {
    this.#db = db
  }

  static async create(db: Database): Promise<FindingStore> {
    const definition = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
    await db.run(raw(`create table finding (${definition.join(', ')})`))
    await db.run(raw('create table widening (rule varchar, subject varchar, affected bigint)'))
    return new FindingStore(db)
  }

  async add(position: number, findings: readonly StoredFinding[]): Promise<void> {
    await this.#db.append(
      'finding',
      findings.map((finding) => toRow(position, finding)),
    )
  }

  /**
   * To be called when nothing changes any more, and before findings are read. What was added goes to disk: until then it
   * fills the memory. Their order is found once, from what orders them alone: each report would else sort them with all that
   * they say, for which a hundred thousand need more memory than there is.
   */
  async settle(): Promise<void> {
    await this.#db.run(raw('checkpoint'))
    await this.#db.run(
      raw(`
      create table listed as
      select row_number() over () as n, row
      from (select rowid as row from finding order by position, inside desc, ${order.text})`),
    )
    await this.#db.run(raw('checkpoint'))
  }

  async forget(rule: string): Promise<void> {
    await this.#db.run(sql`delete from finding where rule = ${rule}`)
  }

  /** Of a rule's findings only those that touch one of these journeys count. */
  async narrow(rule: string, journeys: readonly number[]): Promise<void> {
    const ids = journeys.map(String)
    await this.#db.run(sql`
      update finding set inside = list_has_any(json_extract(journeys, '$[*].id')::varchar[], ${ids}::varchar[]) where rule = ${rule}`)
  }

  /** These findings count nevertheless, with so many of their records. */
  async widen(
    rule: string,
    subjects: readonly (readonly [subject: string, affected: bigint])[],
  ): Promise<void> {
    await this.#db.append(
      'widening',
      subjects.map(([subject, affected]) => [rule, subject, affected]),
    )
    await this.#db.run(
      raw(`
      update finding set inside = true, inside_affected = least(finding.affected, w.affected)
      from widening w where w.rule = finding.rule and w.subject = finding.subject`),
    )
    await this.#db.run(raw('delete from widening'))
  }

  /** How many findings lie outside the scope: all that the total of no rule holds. */
  async elsewhere(): Promise<number> {
    return Number(await this.#db.scalar(raw('select count(*) from finding where not inside')))
  }

  /** Rules with findings, within the scope or outside of it. */
  async rulesFound(): Promise<ReadonlySet<string>> {
    const rows = await this.#db.rows(raw('select distinct rule from finding'))
    return new Set(rows.map(({ rule }) => String(rule)))
  }

  async counts(rule: string, part: Part = 'inside'): Promise<Counts> {
    const affected = raw(part === 'all' ? 'affected' : 'coalesce(inside_affected, affected)')
    const [row] = await this.#db.rows(sql`
      select count(*) as total, count(*) filter (state = 'new') as fresh, count(*) filter (state = 'known') as known,
        count(*) filter (state = 'waived') as waived, count(*) filter (state = 'new' and informative) as informative,
        coalesce(sum(${affected}) filter (state = 'new' and not informative), 0)::bigint as affected
      from finding where rule = ${rule} and ${within(part)}`)
    const of = (key: string) => Number(row?.[key] ?? 0)
    return {
      total: of('total'),
      new: of('fresh'),
      known: of('known'),
      waived: of('waived'),
      informative: of('informative'),
      affected: of('affected'),
    }
  }

  /** Of a rule, the findings that count about one journey, as a judgement weighs them. */
  async tallyOf(rule: string, journey: number): Promise<Omit<Tally, 'population'>> {
    const rows = await this.#db.rows(
      sql`select label, affected, population, severity from finding where rule = ${rule} and ${about(journey)}`,
    )
    return {
      affected: rows.reduce((sum, row) => sum + Number(row['affected']), 0),
      measured: rows.filter(({ population }) => population !== null).map(measuredOf),
    }
  }

  /** Findings that count, for a rule that measures each by its own population. They are one per name: few. */
  async measured(rule: string, part: Part = 'inside'): Promise<Tally['measured']> {
    const affected = raw(part === 'all' ? 'affected' : 'coalesce(inside_affected, affected) as affected')
    const rows = await this.#db.rows(sql`
      select label, ${affected}, population, severity from finding
      where rule = ${rule} and ${within(part)} and state = 'new' and not informative and population is not null`)
    return rows.map(measuredOf)
  }

  async top(rule: string, limit: number): Promise<StoredFinding[]> {
    const rows = await this.#db.rows(
      sql`select * from finding where rule = ${rule} and inside order by ${order} limit ${limit}`,
    )
    return rows.map(fromRow)
  }

  /** Of a rule, what lies within the scope of the run comes first: as many as its counts say. */
  async *all(rule?: string): AsyncIterable<readonly ListedFinding[]> {
    const where =
      rule === undefined ? raw('') : sql`where row in (select rowid from finding where rule = ${rule})`
    const [ends] = await this.#db.rows(sql`select min(n) as first, max(n) as last from listed ${where}`)
    const last = Number(ends?.['last'] ?? -1)
    for (let from = Number(ends?.['first'] ?? 0); from <= last; from += rowsAtOnce) {
      const to = Math.min(from + rowsAtOnce - 1, last)
      // As one text: one value to take over, not twenty for each finding.
      const text = await this.#db.scalar(sql`
        select to_json(list(one order by n))::varchar
        from (from listed where n between ${from} and ${to}) join finding one on one.rowid = row`)
      yield (JSON.parse(String(text)) as Row[]).map(fromRow)
    }
  }

  /** Of these findings, those that are not there. */
  async absentOf(names: readonly FindingName[]): Promise<FindingName[]> {
    await this.#db.run(raw('create or replace table sought (rule varchar, fingerprint varchar)'))
    await this.#db.append(
      'sought',
      names.map(({ rule, fingerprint }) => [rule, fingerprint]),
    )
    const rows = await this.#db.rows(
      raw('select rule, fingerprint from sought anti join finding using (fingerprint) order by all'),
    )
    return rows.map((row) => ({ rule: String(row['rule']), fingerprint: String(row['fingerprint']) }))
  }

  /** Rules with findings that count about one journey, and how many each has. */
  async ofJourney(id: number): Promise<{ rule: string; findings: number }[]> {
    const rows = await this.#db.rows(sql`
      select rule, any_value(position) as position, count(*) as findings from finding
      where ${about(id)} group by rule order by position`)
    return rows.map((row) => ({ rule: String(row['rule']), findings: Number(row['findings']) }))
  }

  /** Subjects of those findings. They are events and attributes: few. */
  async subjectsOf(rule: string, journey: number): Promise<string[]> {
    const rows = await this.#db.rows(
      sql`select subject from finding where rule = ${rule} and ${about(journey)} order by subject`,
    )
    return rows.map((row) => String(row['subject']))
  }
}

/** Of what is counted: the scope of the run, or everything. */
type Part = 'inside' | 'all'
const within = (part: Part): Query => raw(part === 'all' ? 'true' : 'inside')

/** What counts first, the biggest first; then by name, so that the order is the same in every run. */
const order: Query = raw('informative, affected desc, place, subject_kind, subject, fingerprint')

const about = (journey: number): Query =>
  sql`state = 'new' and not informative and list_contains(json_extract(journeys, '$[*].id')::bigint[], ${journey})`

const measuredOf = (row: Row): Tally['measured'][number] => ({
  label: String(row['label']),
  affected: Number(row['affected']),
  population: Number(row['population']),
  severity: row['severity'] as ListedFinding['severity'],
})

function toRow(position: number, finding: StoredFinding): SqlValue[] {
  return [
    finding.rule,
    position,
    finding.fingerprint,
    finding.subject.kind,
    finding.subject.key,
    finding.subject.label,
    finding.message,
    BigInt(finding.affected),
    finding.unit,
    finding.severity,
    finding.category,
    JSON.stringify(finding.checklist),
    finding.firstSeen,
    finding.lastSeen,
    JSON.stringify(finding.journeys),
    finding.remediation,
    finding.link,
    finding.state,
    finding.informative,
    finding.population === null ? null : BigInt(finding.population),
    BigInt(finding.place),
    true,
  ]
}

function fromRow(row: Row): StoredFinding {
  const text = (key: string) => String(row[key])
  const optional = (key: string) => (row[key] === null ? null : String(row[key]))
  return {
    rule: text('rule'),
    fingerprint: text('fingerprint'),
    subject: {
      kind: text('subject_kind') as Finding['subject']['kind'],
      key: text('subject'),
      label: text('label'),
    },
    message: text('message'),
    affected: Number(row['affected']),
    unit: text('unit'),
    severity: text('severity') as ListedFinding['severity'],
    category: text('category'),
    checklist: JSON.parse(text('checklist')),
    firstSeen: optional('first_seen'),
    lastSeen: optional('last_seen'),
    journeys: JSON.parse(text('journeys')),
    remediation: text('remediation'),
    link: optional('link'),
    state: text('state') as ListedFinding['state'],
    informative: row['informative'] === true,
    population: row['population'] === null ? null : Number(row['population']),
    place: Number(row['place']),
  }
}
