import type { FileKind } from '../../core/tables.ts'
import { ownReport } from './own-report.ts'

/** What a file holds: a stream of a source, or something known that nothing is judged from. */
export type Content = { readonly kind: FileKind; readonly stream: string } | { readonly aside: string }

interface Layout {
  readonly content: Content
  /** All of these columns, and one of each set in `any`. */
  readonly all: readonly string[]
  readonly any?: readonly (readonly string[])[]
}

const caller = ['user_id', 'anonymous_id'] as const
const unused = (what: string): Content => ({ aside: `${what}: no rule reads it yet` })

/**
 * Files are told apart by their columns (reference, sections 7.1, 13.1 and 13.2). The first layout that fits counts, so
 * those that say more stand first.
 */
const layouts: readonly Layout[] = [
  // No other has `cio_id`, and an export's attributes may have any name, also `properties` or `broadcast_id`.
  { content: { kind: 'people-export', stream: 'people' }, all: ['cio_id'], any: [['id', 'email']] },
  { content: { kind: 'pipelines', stream: 'aliases' }, all: ['previous_id', 'user_id'] },
  { content: unused('Pipelines groups'), all: ['group_id', 'traits'] },
  { content: { kind: 'pipelines', stream: 'identifies' }, all: ['traits'], any: [caller] },
  {
    content: { kind: 'pipelines', stream: 'tracks' },
    all: ['properties'],
    any: [caller, ['event_text', 'event']],
  },
  { content: { kind: 'pipelines', stream: 'pages-and-screens' }, all: ['properties'], any: [caller] },
  {
    content: { kind: 'warehouse-sync', stream: 'attributes' },
    all: ['internal_customer_id', 'attribute_name', 'attribute_value'],
  },
  {
    content: { kind: 'warehouse-sync', stream: 'people' },
    all: ['internal_customer_id', 'customer_id'],
    any: [['email_addr', 'deleted', 'suppressed']],
  },
  { content: { kind: 'warehouse-sync', stream: 'metrics' }, all: ['delivery_id', 'metric', 'created_at'] },
  {
    content: { kind: 'warehouse-sync', stream: 'deliveries' },
    all: ['delivery_id', 'delivery_type', 'internal_customer_id'],
  },
  { content: unused('warehouse delivery_content'), all: ['delivery_id', 'recipient', 'subject'] },
  { content: unused('warehouse outputs'), all: ['output_id', 'output_type'] },
  { content: unused('warehouse subjects'), all: ['subject_name', 'started_campaign_at'] },
  { content: unused('warehouse campaigns'), all: ['campaign_id', 'name', 'topic_names'] },
  { content: unused('warehouse broadcasts'), all: ['broadcast_id', 'name'] },
  { content: { kind: 'people-export', stream: 'people' }, all: ['id', 'email'] },
]

/** What a file with these columns holds, or null when it is nothing known. */
export function contentOf(columns: readonly string[]): Content | null {
  // Findings and evidence begin so, also where the manifest of their report is not beside them.
  if (columns[0] === 'fingerprint') return { aside: ownReport }
  const present = new Set(columns.map((column) => column.toLowerCase()))
  const fits = ({ all, any = [] }: Layout): boolean =>
    all.every((column) => present.has(column)) &&
    any.every((set) => set.some((column) => present.has(column)))
  return layouts.find(fits)?.content ?? null
}

const times = ['timestamp', 'original_timestamp', 'sent_at', 'received_at']
const call = ['id', 'message_id', 'user_id', 'anonymous_id', 'context', ...times]
const people = ['cio_id', 'id', 'email', 'phone', 'created_at', 'unsubscribed']
const visit = [...call, 'name', 'properties']

/** What is read of each stream; of the warehouse it is what its layouts ask for, and its rows come whole. */
const columnsRead: Readonly<Partial<Record<FileKind, Readonly<Record<string, readonly string[]>>>>> = {
  pipelines: {
    identifies: [...call, 'traits'],
    tracks: [...call, 'event', 'event_text', 'properties'],
    aliases: [...call, 'previous_id'],
    pages: visit,
    screens: visit,
    'pages-and-screens': visit,
  },
  'people-export': { people },
}

/**
 * The columns of a file of JSON lines, of which only the first lines were looked at: a writer that leaves out what is empty
 * may write `user_id` for the first time far below. Of keys that differ in case only one can be a column.
 */
export function jsonColumns(keys: readonly string[], kind: FileKind, stream: string): readonly string[] {
  const known = columnsRead[kind]?.[stream] ?? []
  const columns = new Map<string, string>()
  for (const key of [...known.filter((name) => keys.includes(name)), ...keys, ...known]) {
    if (!columns.has(key.toLowerCase())) columns.set(key.toLowerCase(), key)
  }
  return [...columns.values()]
}

/** Words that the names of Customer.io's files and their folders use for what is in them. */
const nameWord =
  /(?:^|[^a-z])(identifies|tracks|pages|screens|aliases|people|attributes|deliveries|metrics)(?=[^a-z]|$)/gi

/** The last such word of a path: `exports/tracks/2184.97.3.screens.parquet` is `screens`. */
export function wordOf(path: string): string | null {
  return [...path.matchAll(nameWord)].at(-1)?.[1]?.toLowerCase() ?? null
}
