import { UsageError } from '../core/errors.ts'
import { matchesGlob } from '../core/glob.ts'

/** A glob that names no rule is a typing error, and a run without the rule that was meant would look fine. */
export function checkGlobs(flag: string, globs: readonly string[], ids: readonly string[]): void {
  const lost = globs.find((glob) => !ids.some((id) => matchesGlob(id, glob)))
  if (lost === undefined) return
  throw new UsageError(
    'USAGE_RULE',
    `${flag} ${lost} matches no rule.`,
    'Run `cio-audit rules` for the list; a whole category is written like identity/*.',
  )
}
