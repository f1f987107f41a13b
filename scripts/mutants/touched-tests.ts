import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { rules } from '../../rules/index.ts'
import { tablesOf } from '../../src/audit/needed-tables.ts'
import { loadSettings } from '../../src/config/index.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { steps } from '../../src/model/steps.ts'

/**
 * Which test files of `test/rules`, `test/model` and `test/audit` a change of a file can reach: for a part of the model those of the rules
 * that read what is made of it, and those that ask its tables themselves; for a rule those that name it. A test that is
 * left out by mistake makes a mutant survive and never kills one.
 */
export class TouchedTests {
  readonly #tests: ReadonlyMap<string, string>
  readonly #files: ReadonlyMap<string, string>
  readonly #tablesOfRule: ReadonlyMap<string, readonly string[]>

  private constructor(
    tests: ReadonlyMap<string, string>,
    files: ReadonlyMap<string, string>,
    tablesOfRule: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#tests = tests
    this.#files = files
    this.#tablesOfRule = tablesOfRule
  }

  static async in(root: string): Promise<TouchedTests> {
    const read = (glob: string): ReadonlyMap<string, string> =>
      new Map(
        globSync(glob, { cwd: root })
          .map((file) => file.replaceAll('\\', '/'))
          .toSorted()
          .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
      )
    return new TouchedTests(
      read('test/{rules,model,audit}/**/*.test.ts'),
      read('src/{model,audit/person}/**/*.ts'),
      await tablesOfRules(),
    )
  }

  /** Those that ask what the file makes, and those that ask what is made of it: the second ones hardly ever notice what the first ones did not. */
  of(file: string): { readonly near: readonly string[]; readonly far: readonly string[] } {
    if (file.startsWith('rules/')) {
      const id = file.slice('rules/'.length, -'.ts'.length)
      return { near: this.#those((text) => text.includes(`${id}.ts'`) || text.includes(`'${id}'`)), far: [] }
    }
    const parts = this.#importersOf(file)
    const own = new Set(this.#stepsOf(parts).flatMap(({ makes }) => makes))
    const asked = [...own].map((table) => new RegExp(`\\b(?:from|join) ${table}\\b`))
    const paths = parts.map((part) => `../${part}'`)
    const near = new Set([
      ...this.#askers(own),
      ...this.#those(
        (text) => paths.some((path) => text.includes(path)) || asked.some((table) => table.test(text)),
      ),
    ])
    return { near: [...near], far: this.#askers(downstream(own)).filter((test) => !near.has(test)) }
  }

  /** Those of the files that make these tables, and of the rules that read them. */
  #askers(tables: ReadonlySet<string>): string[] {
    const ids = [...this.#tablesOfRule].filter(([, read]) => read.some((table) => tables.has(table)))
    const names = ids.map(([id]) => `rules/${id}.ts'`)
    const mirrors = new Set(
      this.#makersOf(tables).map((maker) => maker.replace(/^src(.*)\.ts$/, 'test$1.test.ts')),
    )
    return this.#those((text, test) => mirrors.has(test) || names.some((rule) => text.includes(rule)))
  }

  #those(holds: (text: string, test: string) => boolean): string[] {
    return [...this.#tests].filter(([test, text]) => holds(text, test)).map(([test]) => test)
  }

  /** The files that make one of these tables. */
  #makersOf(tables: ReadonlySet<string>): string[] {
    const makes = (file: string): readonly string[] => this.#stepsOf([file]).flatMap((step) => step.makes)
    return [...this.#files.keys()].filter((file) => makes(file).some((table) => tables.has(table)))
  }

  /** The file and those that it is a part of, up to the list of steps. */
  #importersOf(file: string): string[] {
    const found = new Set([file])
    for (const part of found) {
      for (const [other, text] of this.#files)
        if (other !== list && imports(other, text).includes(part)) found.add(other)
    }
    return [...found]
  }

  /** Those whose `build` comes from one of these files. */
  #stepsOf(files: readonly string[]): (typeof steps)[number][] {
    const text = this.#files.get(list) ?? ''
    return files.flatMap((file) => stepsNaming(text, file))
  }
}

const list = 'src/model/steps.ts'

const imports = (file: string, text: string): string[] =>
  [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => posix.join(dirname(file), path))

function stepsNaming(text: string, file: string): (typeof steps)[number][] {
  const path = `./${posix.relative('src/model', file)}`
  const [, names = ''] =
    [...text.matchAll(/import \{([^}]*)\} from '([^']+)'/g)].find(([, , from]) => from === path) ?? []
  const builders = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return steps.filter(({ build }) =>
    builders.some((builder) => build.name === builder || new RegExp(`\\b${builder}\\(`).test(String(build))),
  )
}

/** These tables and all that is made with their help. */
function downstream(tables: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(tables)
  for (const { makes, reads } of steps)
    if (reads.some((table) => reached.has(table))) for (const table of makes) reached.add(table)
  return reached
}

async function tablesOfRules(): Promise<ReadonlyMap<string, readonly string[]>> {
  const settings = await loadSettings(undefined, '.')
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  const found = new Map<string, readonly string[]>()
  for (const rule of rules) found.set(rule.meta.id, await tablesOf(db, rule, settings, new Date(0)))
  db.close()
  return found
}
