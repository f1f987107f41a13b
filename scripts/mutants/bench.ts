import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Mutant } from './mutant.ts'
import type { Broke, Failed, Told, Wanted } from './test-worker.ts'
import { TouchedTests } from './touched-tests.ts'

/** `invalid`: the engine could not even read the SQL, which says nothing about the tests. */
export type Fate = 'killed' | 'survived' | 'invalid'

export interface Judged {
  readonly fate: Fate
  /** The file of the test that noticed it; null where none did, or where the tests hung or crashed. */
  readonly by: string | null
  /** Its name, where a test did and not the file as a whole. */
  readonly test?: string | null
}

export interface TestRun extends Told {
  readonly seconds: number
}

type Tests = Pick<Wanted, 'tests' | 'named'>
type Killer = Failed & { readonly name: string }

const mostKillers = 6
/** Milliseconds of a file of tests that are fewer than those of a run more. */
const quick = 4000

const copied = [
  'src',
  'rules',
  'test',
  'fixtures',
  'package.json',
  'tsconfig.json',
  'tsconfig.check.json',
  'vitest.config.ts',
]

/** A copy of the tree in which one mutant after the other lives. */
export class Bench {
  readonly #folder: string
  readonly #touched: TouchedTests
  readonly #runner: Runner
  /** Milliseconds of each file of tests when it ran last: many files are asked from the quickest to the slowest. */
  static readonly #took = new Map<string, number>()
  /** Tests that killed a mutant of a file, the last one first: the next mutant most often dies by the same. What one worker learns, all know. */
  static readonly #killers = new Map<string, readonly Killer[]>()

  private constructor(folder: string, touched: TouchedTests) {
    this.#folder = folder
    this.#touched = touched
    this.#runner = new Runner(folder)
  }

  static async open(root: string): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'cio-audit-mutants-'))
    for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true })
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    return new Bench(folder, await TouchedTests.in(root))
  }

  async close(): Promise<void> {
    this.#runner.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** The tests on the tree as it is. */
  test(seconds: number): Promise<TestRun> {
    return this.#run({ tests: ['test/rules', 'test/model'], named: null, changed: null }, seconds)
  }

  /** The tests that stand nearest come first: most mutants die there, in a second. */
  async fateOf(mutant: Mutant, untouchedSeconds: number): Promise<Judged> {
    const file = join(this.#folder, mutant.file)
    const untouched = await readFile(file)
    await writeFile(file, mutant.source)
    try {
      const { near, far } = this.#touched.of(mutant.file)
      const all = [...this.#quickestFirst(near), ...this.#quickestFirst(far)]
      const steps = [...this.#first(mutant.file), { tests: all, named: null }]
      const silent = new Set<string>()
      for (const [at, { tests: wanted, named }] of steps.entries()) {
        const tests = wanted.filter((test) => !silent.has(test))
        if (tests.length === 0) continue
        const isLast = at === steps.length - 1
        const { passed, output, failed } = await this.#run(
          { tests, named, changed: mutant.file },
          this.#patience(tests, isLast ? untouchedSeconds * 3 : untouchedSeconds),
        )
        if (passed) {
          if (named === null) for (const test of tests) silent.add(test)
          continue
        }
        if (failed !== null) Bench.#learn(mutant.file, failed)
        const invalid = /\b(?:Parser|Binder|Catalog) Error\b/.test(output)
        return { fate: invalid ? 'invalid' : 'killed', by: failed?.file ?? null, test: failed?.name ?? null }
      }
      return { fate: 'survived', by: null }
    } finally {
      await writeFile(file, untouched)
    }
  }

  async #run(wanted: Wanted, seconds: number): Promise<TestRun> {
    const run = await this.#runner.run(wanted, seconds)
    if (wanted.named === null)
      for (const [test, took] of Object.entries(run.took)) Bench.#took.set(test, took)
    return run
  }

  /** Seconds after which it must be an endless loop, on a busy machine too; `most` where a file has not been seen to pass. */
  #patience(tests: readonly string[], most: number): number {
    const took = tests.map((test) => Bench.#took.get(test))
    const known = took.reduce((sum: number, each) => sum + (each ?? most * 1000), 0) / 1000
    return Math.min(most, known * 10) + 30
  }

  #quickestFirst(tests: readonly string[]): string[] {
    const took = (test: string): number => Bench.#took.get(test) ?? 0
    return tests.toSorted((a, b) => took(a) - took(b))
  }

  /** Where the file's own tests are known to be quick they come first, whole: a run for some of them and another for the rest takes longer. */
  #first(file: string): Tests[] {
    const near = this.#near(file)
    const isQuick = ({ tests, named }: Tests): boolean =>
      named === null && tests.every((test) => (Bench.#took.get(test) ?? Infinity) < quick)
    const own = near.filter(isQuick)
    const asked = own.flatMap(({ tests }) => tests)
    const killers = (Bench.#killers.get(file) ?? []).filter((killer) => !asked.includes(killer.file))
    return [...own, this.#named(killers), ...near.filter((tests) => !isQuick(tests))]
  }

  #named(killers: readonly Killer[]): Tests {
    const names = killers.map(({ name }) => `(?:^| )${RegExp.escape(name)}$`)
    return { tests: [...new Set(killers.map((killer) => killer.file))], named: names.join('|') }
  }

  /** That this test killed a mutant of the file. */
  static #learn(file: string, { file: test, name }: Failed): void {
    if (name === null) return
    const others = (Bench.#killers.get(file) ?? []).filter(
      (other) => other.file !== test || other.name !== name,
    )
    Bench.#killers.set(file, [{ file: test, name }, ...others].slice(0, mostKillers))
  }

  /** The file of tests that mirrors the mutant's own, the one of its folder as a whole, and for a rule its examples. */
  #near(file: string): Tests[] {
    const [, top, id = ''] = /^(rules|src)\/(.*)\.ts$/.exec(file) ?? []
    const own = [id, dirname(id)].map((name) => `test/${top === 'rules' ? 'rules/' : ''}${name}.test.ts`)
    const examples = top === 'rules' ? [{ tests: ['test/rules/examples.test.ts'], named: `^${id}[: ]` }] : []
    const there = own.filter((test) => existsSync(join(this.#folder, test)))
    return [...there.map((test) => ({ tests: [test], named: null })), ...examples]
  }
}

/**
 * The process that runs the tests of one tree. One that hangs or crashes has failed, and another takes its place; one that
 * cannot run tests at all ends everything, for else each mutant would count as killed.
 */
class Runner {
  readonly #folder: string
  #worker: ChildProcess | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  run(wanted: Wanted, seconds: number): Promise<TestRun> {
    const started = performance.now()
    const worker = (this.#worker ??= this.#start())
    return new Promise((resolve, reject) => {
      const settle = (told: Told): void => {
        clearTimeout(timer)
        worker.removeAllListeners()
        resolve({ ...told, seconds: (performance.now() - started) / 1000 })
      }
      const fail = (output: string): void => {
        this.close()
        settle({ passed: false, output, failed: null, took: {} })
      }
      const timer = setTimeout(() => fail(`No end within ${seconds} s`), seconds * 1000)
      const breakOff = (reason: string): void => {
        clearTimeout(timer)
        this.close()
        reject(new Error(`The test runner failed: ${reason}`))
      }
      worker.once('error', (error) => breakOff(error.message))
      worker.once('exit', (code, signal) => (signal === null ? breakOff(`exit ${code}`) : fail(signal)))
      worker.once('message', (told: Told | Broke) => ('broke' in told ? breakOff(told.broke) : settle(told)))
      worker.send(wanted)
    })
  }

  close(): void {
    this.#worker?.kill('SIGKILL')
    this.#worker = null
  }

  #start(): ChildProcess {
    return fork(join(import.meta.dirname, 'test-worker.ts'), {
      cwd: this.#folder,
      env: {
        ...process.env,
        NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
        PROPERTY_SHRINK: 'no',
      },
      stdio: 'ignore',
    })
  }
}
