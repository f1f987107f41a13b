import { snapshotTables, snapshotVersion, streamNames } from '../src/core/tables.ts'
import { openDatabase, type Database } from '../src/engine/database.ts'
import { raw, type SqlValue } from '../src/engine/sql.ts'
import { makePopulation, type Population } from '../src/simulator/index.ts'

const batch = 20_000

/** A simulated shop written straight into a snapshot file: what a pull of it would leave, without the hours of paging. */
export async function writePopulation(
  path: string,
  people: number,
  eventsPerPerson: number,
  now: Date,
): Promise<{ activities: number }> {
  const population = makePopulation({ people, eventsPerPerson, seed: 1, variant: 'broken', now })
  const db = await openDatabase({ path, access: 'write' })
  for (const [table, columns] of Object.entries(snapshotTables))
    await db.run(raw(`create table ${table} (${columns})`))
  await inBatches(db, 'profile', profiles(population))
  await inBatches(db, 'device', devices(population))
  await inBatches(db, 'activity', activities(population))
  await db.append(
    'campaign',
    population.campaigns.map((c) => [
      BigInt(c.id),
      c.name,
      c.state,
      'event' in c.trigger ? c.trigger.event : null,
      'dateAttribute' in c.trigger ? c.trigger.dateAttribute : null,
      '[]',
      '[]',
      null,
    ]),
  )
  await db.append(
    'campaign_action',
    population.campaigns.flatMap((c) =>
      c.actions.map((a) => [
        BigInt(c.id),
        BigInt(a.id),
        a.type,
        a.name,
        a.subject ?? null,
        a.body ?? null,
        null,
      ]),
    ),
  )
  await db.append('workspace', [[1n, 'Bench', BigInt(people), null]])
  await db.append('meta', [
    ['version', String(snapshotVersion)],
    ['hash', 'sha256:bench'],
    ['pull_ended_at', now.toISOString()],
  ])
  const streams = [
    streamNames.people,
    streamNames.attributes,
    streamNames.campaigns,
    streamNames.activitiesRest,
  ]
  await db.append(
    'stream',
    streams.map((name) => ['app-api', name, 'ended', 0n, null, 0n, true, 'end of cursor', null]),
  )
  await db.run(raw('checkpoint'))
  db.close()
  return { activities: population.activities.length }
}

function* profiles({ people }: Population): Iterable<readonly SqlValue[]> {
  for (const p of people) {
    const attributes = JSON.stringify({ id: p.id, email: p.email, phone: p.phone, ...p.attributes })
    yield [
      p.cioId,
      p.id,
      p.email,
      p.phone,
      new Date(p.createdAt * 1000),
      p.unsubscribed,
      attributes,
      '{}',
      null,
      'app-api',
    ]
  }
}

function* devices(population: Population): Iterable<readonly SqlValue[]> {
  for (const { cioId, device } of population.devices) {
    yield [
      cioId,
      device.token,
      device.platform,
      device.lastUsed === null ? null : new Date(device.lastUsed * 1000),
      JSON.stringify(device.attributes),
      null,
    ]
  }
}

function* activities({ activities: log, people }: Population): Iterable<readonly SqlValue[]> {
  for (const position of log.positions(undefined, undefined)) {
    const cioId = people[log.personAt(position)]?.cioId ?? null
    const activity = JSON.parse(log.json(position, '"x":0')) as {
      id: string
      type: string
      name?: string
      timestamp: number
      data: unknown
    }
    yield [
      activity.id,
      activity.type,
      activity.name ?? null,
      cioId,
      null,
      null,
      new Date(activity.timestamp * 1000),
      null,
      null,
      JSON.stringify(activity.data),
      null,
    ]
  }
}

async function inBatches(db: Database, table: string, rows: Iterable<readonly SqlValue[]>): Promise<void> {
  let waiting: (readonly SqlValue[])[] = []
  for (const row of rows) {
    waiting.push(row)
    if (waiting.length === batch) {
      await db.append(table, waiting)
      waiting = []
    }
  }
  await db.append(table, waiting)
}
