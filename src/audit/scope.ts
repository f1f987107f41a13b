import { UsageError } from '../core/errors.ts'
import type { Subject } from '../core/report.ts'
import { streamNames } from '../core/tables.ts'
import { didYouMean } from '../core/suggest.ts'
import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import type { FindingStore } from './findings.ts'
import type { Rule, RuleContext } from './rule.ts'
import type { JourneyUse } from './run-rule.ts'

/**
 * What the journeys of `--journey` depend on. A finding about a name counts when one of them uses that name, a finding
 * about a journey when it is one of them, and a finding about people as far as it is about people whom they would reach.
 */
export interface Scope {
  readonly journeys: readonly JourneyUse[]
  readonly hasPush: boolean
  /** The model as if there were only the people whom the journeys would reach: for what rates are taken over. */
  readonly reached: Database
}

/**
 * The ids of the journeys that were asked for, by id or name.
 *
 * @param db - with the snapshot attached as `snap`.
 */
export async function resolveJourneys(db: Database, asked: readonly string[]): Promise<number[]> {
  if (asked.length === 0) return []
  const rows = await db.rows(raw('select id, name from snap.campaign order by id'))
  const known = rows.map((row) => ({ id: Number(row['id']), name: String(row['name'] ?? '') }))
  const cut = await db.scalar(
    sql`select ended from snap.stream where source = 'app-api' and name = ${streamNames.campaigns} and not coalesce(complete, false)`,
  )
  return [...new Set(asked.flatMap((wanted) => named(wanted, known, cut === null ? null : String(cut))))]
}

/** Names need not be unique in Customer.io: then all that bear it are meant. */
function named(
  wanted: string,
  known: readonly { readonly id: number; readonly name: string }[],
  cut: string | null,
): number[] {
  const byId = known.filter(({ id }) => String(id) === wanted.trim())
  const byName = known.filter(({ name }) => fold(name) === fold(wanted))
  const found = byId.length > 0 ? byId : byName
  if (found.length > 0) return found.map(({ id }) => id)
  throw new UsageError(
    'USAGE_JOURNEY',
    `No journey has the id or name ${wanted}${
      didYouMean(
        wanted,
        known.map(({ name }) => name),
      ) || '.'
    }`,
    cut !== null
      ? `The list of journeys was not read to its end (${cut}), so it may be there: \`cio-audit doctor\` says what the key may read.`
      : known.length === 0
        ? 'No journeys were read: they come over the App API, so use --source api or a snapshot of it.'
        : 'Give an id or a name as it stands in Customer.io; drafts count too.',
  )
}

const fold = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** Tables of people are shadowed by views of this session alone. */
export async function shadowPeople(session: Database): Promise<void> {
  const tables = await session.rows(
    raw(`
    select distinct table_name as name from duckdb_columns()
    where column_name = 'cio_id' and schema_name = 'main' and database_name = current_database() and table_name <> 'reach' order by name`),
  )
  for (const { name } of tables) {
    const table = `"${String(name)}"`
    await session.run(
      raw(
        `create temp view ${table} as select t.* from ${await ownDatabase(session)}.main.${table} t where t.cio_id in (select cio_id from reach)`,
      ),
    )
  }
}

async function ownDatabase(session: Database): Promise<string> {
  return `"${String(await session.scalar(raw('select current_database()'))).replaceAll('"', '""')}"`
}

const ofNames: ReadonlySet<Subject['kind']> = new Set(['attribute', 'event', 'event-property', 'event-pair'])

/** Rules whose findings are about people: a defect among others than the journey would reach does not touch it. */
export const isAboutPeople = ({ meta, evidenceRow }: Rule): boolean =>
  !ofNames.has(meta.subject) && meta.subject !== 'journey' && personColumns(evidenceRow.shape).length > 0

/** `cio_id`, and those that name another profile of the same finding. */
const personColumns = (shape: object): string[] =>
  Object.keys(shape).filter((column) => column === 'cio_id' || column.endsWith('_cio_id'))

/** Says of each finding of a rule whether it counts within the scope. They all count until then. */
export async function markScope(
  rule: Rule,
  context: RuleContext<never>,
  scope: Scope,
  { session, store }: { readonly session: Database; readonly store: FindingStore },
): Promise<void> {
  const { id } = rule.meta
  const ids = scope.journeys.map((journey) => journey.id)
  if (id.startsWith('devices/') && !scope.hasPush) return await store.narrow(id, [])
  if (!isAboutPeople(rule)) {
    // Without a name or people nothing says whom it is about, so it counts.
    if (ofNames.has(rule.meta.subject) || rule.meta.subject === 'journey') await store.narrow(id, ids)
    return
  }
  await store.narrow(id, [])
  const columns = personColumns(rule.evidenceRow.shape).map(
    (column): Query => sql`${raw(`"${column}"`)} in (select cio_id from reach)`,
  )
  const touched = session.stream(
    sql`select subject, count(*) as affected from (${rule.evidence(context)}) evidence where ${join(columns, ' or ')} group by subject`,
  )
  for await (const rows of touched)
    await store.widen(
      id,
      rows.map((row) => [String(row['subject']), BigInt(Number(row['affected']))] as const),
    )
}
