import { stripTypeScriptTypes } from 'node:module'
import { codeMutations } from './code-mutations.ts'
import { partsOf } from './literals.ts'
import { isSql, sqlMutations } from './sql-mutations.ts'

/** One place of a file, with what stands there instead. */
export interface Change {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly what: string
}

export interface Mutant extends Change {
  readonly file: string
  readonly line: number
  /** The whole file with the change. */
  readonly source: string
}

/** Every mutant of a file that is still TypeScript, each text once. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const { code, literals } = partsOf(withoutImports(source))
  const changes = [...codeMutations(code), ...literals.filter(isSql).flatMap(sqlMutations)]
  const mutants = new Map<string, Mutant>()
  for (const change of changes.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const changed = source.slice(0, change.start) + change.text + source.slice(change.end)
    if (changed === source || mutants.has(changed) || !parses(changed)) continue
    mutants.set(changed, {
      ...change,
      file,
      line: source.slice(0, change.start).split('\n').length,
      source: changed,
    })
  }
  return [...mutants.values()]
}

/** Imports hold names of files, nothing to judge. */
function withoutImports(source: string): string {
  return source.replaceAll(/^(?:import|export) [^;=]*? from '[^']*'$/gm, (found) =>
    found.replaceAll(/[^\n]/g, ' '),
  )
}

function parses(source: string): boolean {
  try {
    stripTypeScriptTypes(source)
    return true
  } catch {
    // A text change that is no program any more proves nothing about the tests.
    return false
  }
}
