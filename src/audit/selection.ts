import { matchesGlob } from '../core/glob.ts'
import type { Settings } from '../core/settings.ts'

/** Why a rule does not run although it could, or null. */
export function offReason(
  id: string,
  options: {
    readonly settings: Settings
    readonly only: readonly string[]
    readonly skip: readonly string[]
  },
): string | null {
  if (options.settings.rules[id]?.enabled === false) return 'switched off in the config'
  if (options.only.length > 0 && !options.only.some((glob) => matchesGlob(id, glob)))
    return 'not selected by --rule'
  if (options.skip.some((glob) => matchesGlob(id, glob))) return 'left out by --skip-rule'
  return null
}
