import type { AuditReport } from '../core/report.ts'
import { sampleKeys } from '../core/tables.ts'
import type { Database } from '../engine/database.ts'
import { sql, type Query } from '../engine/sql.ts'
import { effectiveSize, wilson, type Interval } from './interval.ts'
import type { SampleUse } from './rule.ts'

export type Sample = NonNullable<AuditReport['run']['sample']>

/** Whether the snapshot that is attached as `snap` holds people who were drawn; the draw makes it so, not the wish. */
export async function readSample(db: Database): Promise<Sample | null> {
  const value = (key: string) => db.scalar(sql`select value from snap.meta where key = ${key}`)
  const of = await value(sampleKeys.of)
  if (of === null) return null
  const [people = '', seed = ''] = String(await value(sampleKeys.wanted)).split(':')
  return { people: Number(people), of: Number(of), seed: Number(seed) }
}

/** What belongs to a person, one row each with its owner, and for events the name that it is judged by. */
const recordsOf: Readonly<Partial<Record<SampleUse, (event: string | null) => Query>>> = {
  'per-device': () => sql`select cio_id as owner from device`,
  'per-event': (event) =>
    event === null
      ? sql`select person as owner from event where type = 'event'`
      : sql`select person as owner from event where type = 'event' and name = ${event}`,
  'per-push': () => sql`select cio_id as owner from push`,
}

/** What rates of a sample say of everybody. */
export class SampleView {
  readonly sample: Sample
  readonly #session: Database
  readonly #known = new Map<string, number>()

  constructor(sample: Sample, session: Database) {
    this.sample = sample
    this.#session = session
  }

  /** @param event - where all records are events of this name. */
  async interval(
    use: SampleUse,
    event: string | null,
    affected: number,
    population: number,
  ): Promise<Interval> {
    const size = effectiveSize(population, await this.#clustering(use, event), this.sample)
    return wilson(population === 0 ? 0 : affected / population, size)
  }

  async #clustering(use: SampleUse, event: string | null): Promise<number> {
    const records = recordsOf[use]
    if (records === undefined) return 1
    const key = `${use} ${event ?? ''}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = await this.#session.scalar(sql`
      select sum(records * records) / sum(records) from (select count(*) as records from (${records(event)}) group by owner)`)
    const clustering = found === null ? 1 : Number(found)
    this.#known.set(key, clustering)
    return clustering
  }
}
