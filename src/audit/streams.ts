import type { AuditReport, SourceKind, StreamLine } from '../core/report.ts'
import type { Cell, Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'

type SourceLine = AuditReport['sources'][number]

/** What was read, per source, from the ledger of the snapshot that is attached as `snap`. */
export async function readSources(db: Database): Promise<SourceLine[]> {
  const [workspace] = await db.rows(raw('select id, name from snap.workspace'))
  // Warehouse files name the workspace in every row.
  const fileWorkspace = await db.scalar(raw("select value from snap.meta where key = 'workspace_id'"))
  const region = await db.scalar(raw("select value from snap.meta where key = 'region'"))
  const lines = await db.rows(
    raw(
      'select source, name, read, expected, rejected, complete, ended from snap.stream order by source, name',
    ),
  )
  const kinds = [...new Set(lines.map(({ source }) => String(source)))]
  return kinds.map((kind) => ({
    kind: kind as SourceKind,
    region: kind === 'app-api' && region !== null ? String(region) : null,
    workspace:
      kind === 'app-api'
        ? {
            id: numberOf(workspace?.['id']),
            name: workspace?.['name'] == null ? null : String(workspace['name']),
          }
        : { id: kind === 'warehouse-sync' ? numberOf(fileWorkspace) : null, name: null },
    streams: lines
      .filter(({ source }) => source === kind)
      .map((line): StreamLine => ({
        name: String(line['name']),
        read: Number(line['read'] ?? 0),
        expected: line['expected'] === null ? null : Number(line['expected']),
        rejected: Number(line['rejected'] ?? 0),
        complete: line['complete'] === true,
        ended: String(line['ended'] ?? 'not ended'),
      })),
  }))
}

const numberOf = (cell: Cell | undefined): number | null => (cell == null ? null : Number(cell))
