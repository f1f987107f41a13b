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
  /** Why no test can tell the change, where a comment in the file says so. */
  readonly equivalent: string | null
}

/** Every mutant of a file that is still TypeScript, each text once. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const { code, literals } = partsOf(withoutImports(source))
  const changes = [...codeMutations(code), ...literals.filter(isSql).flatMap(sqlMutations)]
  const lines = source.split('\n')
  const mutants = new Map<string, Mutant>()
  for (const change of changes.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const changed = source.slice(0, change.start) + change.text + source.slice(change.end)
    if (changed === source || mutants.has(changed) || !parses(changed)) continue
    const line = source.slice(0, change.start).split('\n').length
    const equivalent = reasonIn(lines[line - 2] ?? '', change.what)
    mutants.set(changed, { ...change, file, line, source: changed, equivalent })
  }
  return [...mutants.values()]
}

/** A comment in the line above, of the form `equivalent mutants [and true; > for >=]: why`. */
function reasonIn(comment: string, what: string): string | null {
  const [, names = '', reason = ''] = /(?:--|\/\/) equivalent mutants \[(.+?)\]: (.+)$/.exec(comment) ?? []
  return names.split('; ').includes(what) ? reason : null
}

/** Imports hold names of files, nothing to judge. */
function withoutImports(source: string): string {
  return source.replaceAll(/^(?:import|export) [\w\s{},*]* from '[^']*'$/gm, (found) =>
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
