import type { Database } from '../../../engine/database.ts'
import { PartWriter, type Part, type PartPlan } from '../parts.ts'
import { table, type Cells } from '../table.ts'

/** Numbered by age: everybody is in the first sync, the later ones hold what has changed since. */
export const syncs = [1, 2, 3] as const
export type Sync = (typeof syncs)[number]

const tables = {
  people: table(
    'people',
    'workspace_id integer',
    'customer_id',
    'internal_customer_id plain',
    'deleted boolean',
    'suppressed boolean',
    'created_at timestamp',
    'updated_at timestamp',
    'email_addr',
  ),
  attributes: table(
    'attributes',
    'workspace_id integer',
    'internal_customer_id plain',
    'attribute_name',
    'attribute_value',
    'timestamp timestamp',
  ),
  deliveries: table(
    'deliveries',
    'workspace_id integer',
    'delivery_id',
    'internal_customer_id plain',
    'subject_id',
    'event_id',
    'delivery_type',
    'campaign_id integer',
    'action_id integer',
    'newsletter_id integer',
    'content_id integer',
    'trigger_id',
    'created_at timestamp',
    'transactional_message_id integer',
    'seq_num integer',
  ),
  metrics: table(
    'metrics',
    'event_id',
    'workspace_id integer',
    'delivery_id',
    'metric',
    'reason',
    'link_id integer',
    'link_url',
    'created_at timestamp',
    'seq_num integer',
  ),
  campaigns: table(
    'campaigns',
    'workspace_id integer',
    'campaign_id integer',
    'name',
    'created_at timestamp',
    'updated_at timestamp',
    'topic_names',
    'version integer',
  ),
} as const

export type WarehouseTable = keyof typeof tables

/** The workspace of the simulated API. */
export const workspaceId = '101'

/** A file for each table and sync; those that stay empty are never made, as in a real sync. */
export class SyncFiles {
  readonly #writers = new Map<string, PartWriter>()
  readonly #plan: Pick<PartPlan, 'folder' | 'prefix'>

  constructor(plan: Pick<PartPlan, 'folder' | 'prefix'>) {
    this.#plan = plan
  }

  add(name: WarehouseTable, sync: Sync, cells: Cells): void {
    const key = `${name} ${sync}`
    let writer = this.#writers.get(key)
    if (writer === undefined) {
      writer = new PartWriter({
        ...this.#plan,
        table: tables[name],
        fileType: 'parquet',
        rowsPerFile: Number.POSITIVE_INFINITY,
        order: sync,
      })
      this.#writers.set(key, writer)
    }
    writer.add(cells)
  }

  async finish(database: Database): Promise<Part[]> {
    const parts: Part[] = []
    for (const writer of this.#writers.values()) parts.push(...(await writer.finish(database)))
    return parts
  }
}
