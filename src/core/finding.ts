import type { ChecklistItem } from './checklist.ts'
import type { Finding } from './report.ts'
import type { Severity } from './settings.ts'

/** A finding as the findings table keeps it: without its evidence, which stays in the engine, with its rule's facts. */
export interface ListedFinding extends Omit<Finding, 'evidence'> {
  readonly rule: string
  readonly severity: Severity
  readonly category: string
  readonly checklist: readonly ChecklistItem[]
}
