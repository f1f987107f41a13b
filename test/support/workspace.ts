import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import type { ShopOrder } from '../../src/core/order.ts'
import type { Plan } from '../../src/core/plan.ts'
import type { Settings } from '../../src/core/settings.ts'
import { snapshotTables, snapshotVersion, type SnapshotTable } from '../../src/core/tables.ts'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { openDatabase, type Database } from '../../src/engine/database.ts'
import { raw, type SqlValue } from '../../src/engine/sql.ts'
import { fillDayCounts } from '../../src/model/day-counts.ts'
import { fillPlanChanges } from '../../src/model/plan-changes.ts'
import { LazyModel } from '../../src/model/lazy-model.ts'

export const asOf = new Date('2026-11-23T12:00:00Z')
const since = new Date('2026-10-24T12:00:00Z')

export const settings: Settings = {
  origin: 'defaults',
  workspace: { name: null, id: null, links: false },
  identity: {
    maxShare: 5,
    canonicalId: 'auto',
    authEvents: ['login', 'signup'],
    defaultCountry: 'US',
    placeholders: [],
  },
  push: { optInAttribute: 'push_opt_in', staleAfterSeconds: 270 * 86400 },
  testProfiles: { emails: [], attribute: null },
  defaults: { minPopulation: 30, minAffected: 3 },
  rules: {},
  attest: {},
  report: { redact: false, examples: 20 },
  history: { keep: 90 },
  notify: null,
  customRules: [],
}

export type Rows = Partial<Record<SnapshotTable, readonly (readonly SqlValue[])[]>>

export type Fields = Readonly<Record<string, SqlValue>>

/** Rows of a snapshot table by the names of their columns. */
export function rowsOf(table: SnapshotTable, records: readonly Fields[]): Rows {
  const columns = snapshotTables[table]
    .split(', ')
    .map((column) => (column.split(' ')[0] ?? '').replaceAll('"', ''))
  return { [table]: records.map((record) => columns.map((column) => record[column] ?? null)) }
}

/** The rows of the snapshot that a small workspace would have left. */
export function snapshotRows(workspace: ExampleWorkspace): Rows {
  const profiles = workspace.profiles ?? []
  const calls = (workspace.calls ?? []).map((c, index) => ({ ...c, id: `call-${index}` }))
  return {
    ...journeyRows(workspace),
    profile: profiles.map((p) => [
      p.cio_id,
      p.id ?? null,
      p.email ?? null,
      p.attributes?.['phone'] ?? null,
      new Date(p.createdAt ?? '2026-01-01T00:00:00Z'),
      p.unsubscribed ?? false,
      JSON.stringify({
        ...(p.id ? { id: p.id } : {}),
        ...(p.email ? { email: p.email } : {}),
        ...p.attributes,
      }),
      JSON.stringify(
        Object.fromEntries(
          Object.entries(p.attributeTimes ?? {}).map(([name, at]) => [name, Date.parse(at) / 1000]),
        ),
      ),
      null,
      'app-api',
    ]),
    device: profiles.flatMap((p) =>
      (p.devices ?? []).map((d) => [
        p.cio_id,
        d.token,
        d.platform ?? 'ios',
        d.lastUsed ? new Date(d.lastUsed) : null,
        JSON.stringify(d.attributes ?? {}),
        null,
      ]),
    ),
    activity: [
      ...(workspace.events ?? []).map((e, index) => [
        e.id === undefined ? `01J${String(index).padStart(23, '0')}` : e.id,
        'event',
        e.name,
        e.cio_id,
        null,
        null,
        new Date(e.at),
        null,
        null,
        JSON.stringify(e.data ?? {}),
        null,
        ...fromApi,
      ]),
      ...(workspace.activities ?? []).map((a, index) => [
        `01K${String(index).padStart(23, '0')}`,
        a.type,
        null,
        a.cio_id,
        null,
        null,
        new Date(a.at),
        a.delivery?.id ?? null,
        a.delivery?.type ?? null,
        JSON.stringify(a.data ?? {}),
        null,
        ...fromApi,
      ]),
      ...calls
        .filter(isHappening)
        .map((c) => [
          c.id,
          c.kind,
          c.name ?? null,
          null,
          c.user_id ?? null,
          null,
          new Date(c.at),
          null,
          null,
          JSON.stringify(c.data ?? {}),
          null,
          'pipelines',
          c.anonymous_id ?? null,
          new Date(c.received ?? c.at),
          new Date(c.at),
          c.token ?? null,
          c.platform ?? null,
          null,
          null,
        ]),
    ],
    call: calls
      .filter((c) => !isHappening(c))
      .map((c) => [
        c.id,
        c.kind,
        c.user_id ?? null,
        c.anonymous_id ?? null,
        null,
        new Date(c.at),
        new Date(c.at),
        new Date(c.at),
        c.token ?? null,
        c.platform ?? null,
        null,
        null,
        JSON.stringify(c.data ?? {}),
        null,
        'pipelines',
      ]),
  }
}

/** Journeys with their steps and rhythm, the segments that they use, and what was sent. */
function journeyRows({ journeys = [], segments = [], deliveries = [] }: ExampleWorkspace): Rows {
  return {
    ...rowsOf(
      'campaign',
      journeys.map((j) => ({
        id: BigInt(j.id),
        name: j.name ?? `Journey ${j.id}`,
        state: j.state ?? 'running',
        event_name: j.event ?? null,
        date_attribute: j.dateAttribute ?? null,
        trigger_segments: JSON.stringify(j.triggerSegments ?? []),
        filter_segments: JSON.stringify(j.filterSegments ?? []),
      })),
    ),
    ...rowsOf(
      'campaign_action',
      journeys.flatMap((j) =>
        (j.actions ?? []).map((a) => ({
          campaign_id: BigInt(j.id),
          id: BigInt(a.id),
          type: a.type,
          name: a.name ?? `Step ${a.id}`,
          subject: a.subject ?? null,
          body: a.body ?? null,
        })),
      ),
    ),
    ...rowsOf(
      'journey_metric',
      journeys
        .filter((j) => j.started !== undefined)
        .map((j) => ({
          campaign_id: BigInt(j.id),
          metrics: JSON.stringify({ journey_metric: { started: j.started } }),
        })),
    ),
    ...rowsOf(
      'segment',
      segments.map((s) => ({
        id: BigInt(s.id),
        name: s.name ?? `Segment ${s.id}`,
        type: 'dynamic',
        state: s.state ?? 'finished',
        people: s.people === undefined ? null : BigInt(s.people),
      })),
    ),
    ...rowsOf(
      'delivery',
      deliveries.map((d) => ({
        id: d.id,
        cio_id: d.cio_id,
        type: d.type,
        campaign_id: d.journey === null ? null : BigInt(d.journey),
        action_id: d.action === null ? null : BigInt(d.action),
        event_id: d.event ?? null,
        created_at: new Date(d.at),
        source: 'warehouse-sync',
      })),
    ),
    ...rowsOf(
      'delivery_metric',
      deliveries.flatMap((d) =>
        (d.metrics ?? ['sent']).map((metric) => ({
          delivery_id: d.id,
          metric,
          at: new Date(d.at),
          source: 'warehouse-sync',
        })),
      ),
    ),
  }
}

/** Source, and what only the calls of files have. */
const fromApi = ['app-api', null, null, null, null, null, null, null] as const

type ExampleCall = NonNullable<ExampleWorkspace['calls']>[number]

const isHappening = ({ kind }: ExampleCall): boolean => kind === 'event' || kind === 'screen'

export function planOf(workspace: ExampleWorkspace): Plan {
  if (!workspace.plan && !workspace.plannedAttributes) return builtInPlan
  const defaults = { intent: null, critical: false, dedupeKey: null, aliases: [], properties: {} }
  const attribute = { type: 'string', required: false, recommended: false, appliesTo: 'known' } as const
  const attributes = Object.entries(workspace.plannedAttributes ?? {}).map(([name, own]) => [
    name,
    { ...attribute, ...own },
  ])
  const events = Object.entries(workspace.plan ?? {}).map(([name, event]) => [
    name,
    { ...defaults, ...event },
  ])
  return {
    version: '1.0.0',
    origin: 'tracking-plan.yaml',
    attributes: Object.fromEntries(attributes),
    events: Object.fromEntries(events),
    byIntent: [],
  }
}

export type Stream = {
  name: string
  read?: number
  expected?: number | null
  rejected?: number
  complete?: boolean
  ended?: string
}

/** Streams of a pull that read everything. */
export const completeStreams: readonly Stream[] = [
  'workspace',
  'campaigns',
  'campaign-actions',
  'journey-metrics',
  'segments',
  'people',
  'attributes',
  'activities/*',
  'activities/event:purchase',
].map((name) => ({ name }))

/** A snapshot file, as a finished pull would have left it. */
export async function writeSnapshot(
  path: string,
  rows: Rows,
  streams: readonly Stream[] = completeStreams,
): Promise<void> {
  const db = await openDatabase({ path, access: 'write' })
  const own: Rows = {
    workspace: [[101n, 'Test shop', 10n, null]],
    meta: [
      ['version', String(snapshotVersion)],
      ['region', 'us'],
      ['hash', 'sha256:test'],
      ['pull_started_at', '2026-11-23T11:50:00.000Z'],
      ['pull_ended_at', '2026-11-23T12:00:00.000Z'],
    ],
    stream: streams.map((s) => [
      'app-api',
      s.name,
      'ended',
      BigInt(s.read ?? 10),
      s.expected == null ? null : BigInt(s.expected),
      BigInt(s.rejected ?? 0),
      s.complete ?? true,
      s.ended ?? 'end of cursor',
      null,
    ]),
  }
  for (const [table, columns] of Object.entries(snapshotTables)) {
    await db.run(raw(`create table ${table} (${columns})`))
    await db.append(table, rows[table as SnapshotTable] ?? own[table as SnapshotTable] ?? [])
  }
  db.close()
}

/** The shop's own orders of a small workspace, as its file would have told them. */
const ordersOf = (orders: NonNullable<ExampleWorkspace['orders']>): ShopOrder[] =>
  orders.map((o, index) => ({
    line: index + 2,
    number: o.number,
    orderedAt: new Date(o.at),
    customerId: o.customer ?? null,
    email: o.email ?? null,
    total: o.total ?? 5,
    currency: 'EUR',
    platform: o.platform ?? null,
  }))

/** Two at a time. */
async function* inBatches(orders: readonly ShopOrder[]): AsyncIterable<readonly ShopOrder[]> {
  for (let from = 0; from < orders.length; from += 2) yield orders.slice(from, from + 2)
}

/** A model in memory, made as far as it is asked for, over a snapshot in memory with these rows. */
export async function modelOver(
  rows: Rows,
  plan: Plan,
  changed: Settings = settings,
  threads = 2,
  journeys: readonly number[] = [],
  given: Pick<ExampleWorkspace, 'orders' | 'planComparison' | 'dailyCounts'> & {
    readonly tempDir?: string
  } = {},
): Promise<Database> {
  const { tempDir } = given
  const db = await openDatabase({
    path: ':memory:',
    access: 'write',
    threads,
    ...(tempDir === undefined ? {} : { tempDir }),
  })
  await db.run(raw("attach ':memory:' as snap"))
  await db.run(raw('use snap'))
  for (const [table, columns] of Object.entries(snapshotTables)) {
    await db.run(raw(`create table ${table} (${columns})`))
    await db.append(table, rows[table as SnapshotTable] ?? [])
  }
  await db.run(raw('use memory'))
  const model = await LazyModel.over(db, {
    settings: changed,
    plan,
    since,
    until: asOf,
    asOf,
    burstWindowSeconds: 10,
    journeys,
    ...(given.orders === undefined ? {} : { orders: inBatches(ordersOf(given.orders)) }),
  })
  if (given.planComparison !== undefined) await fillPlanChanges(db, given.planComparison)
  // Of a window without a day of its own, so that the example says how often everything came.
  if (given.dailyCounts !== undefined)
    await fillDayCounts(model, { since: asOf, until: asOf }, given.dailyCounts)
  return model
}
