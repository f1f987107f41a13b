import { matchesGlob } from '../core/glob.ts'
import type { Settings } from '../core/settings.ts'

export interface Selection {
  /** Globs of rule ids; empty means all. */
  readonly only: readonly string[]
  readonly skip: readonly string[]
}

/** Why a rule does not run although it could, or null. */
export function offReason(id: string, options: Selection & { readonly settings: Settings }): string | null {
  if (options.settings.rules[id]?.enabled === false) return 'switched off in the config'
  return leftOutReason(id, options)
}

/** The same for the command line alone, which says what one run is about. */
export function leftOutReason(id: string, { only, skip }: Selection): string | null {
  if (only.length > 0 && !only.some((glob) => matchesGlob(id, glob))) return 'not selected by --rule'
  if (skip.some((glob) => matchesGlob(id, glob))) return 'left out by --skip-rule'
  return null
}
