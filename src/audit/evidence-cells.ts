import type { EvidenceRow } from '../core/report.ts'
import type { Cell, Row } from '../engine/database.ts'
import type { Rule } from './rule.ts'

/** How the model names a profile of a source without `cio_id`: the cell is empty then. */
export const ownName = /^(?:id|email|anon|phone):/

/** The rule's own columns, in their order; whatever else a query gave stays inside. */
export function evidenceCells(rule: Rule, row: Row): EvidenceRow {
  const cells: EvidenceRow = {}
  for (const column of Object.keys(rule.evidenceRow.shape)) {
    const value = column === 'cio_id' ? ownCioId(row[column]) : (row[column] ?? null)
    cells[column] = typeof value === 'object' && value !== null ? JSON.stringify(value) : value
  }
  return cells
}

/** Empty where the source has none (contracts, section 5): the model then names people by what it has. */
function ownCioId(value: Cell | undefined): Cell {
  return typeof value === 'string' && ownName.test(value) ? '' : (value ?? null)
}
