import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mutant } from './mutant.ts'
import { TouchedTests } from './touched-tests.ts'

/** `invalid`: the engine could not even read the SQL, which says nothing about the tests. */
export type Fate = 'killed' | 'survived' | 'invalid'

export interface TestRun {
  readonly passed: boolean
  readonly output: string
  readonly seconds: number
}

const mostKillers = 3

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
  /** Files of tests that killed a mutant of a file, the last one first: the next mutant most often dies by the same. */
  readonly #killers = new Map<string, readonly string[]>()

  private constructor(folder: string, touched: TouchedTests) {
    this.#folder = folder
    this.#touched = touched
  }

  static async open(root: string): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'cio-audit-mutants-'))
    for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true })
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    return new Bench(folder, await TouchedTests.in(root))
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** The tests on the tree as it is. */
  test(seconds: number): Promise<TestRun> {
    return run(this.#folder, ['test/rules', 'test/model'], seconds)
  }

  /** The tests that stand nearest come first: most mutants die there, in a second. */
  async fateOf(mutant: Mutant, untouchedSeconds: number): Promise<Fate> {
    const file = join(this.#folder, mutant.file)
    const untouched = await readFile(file)
    await writeFile(file, mutant.source)
    try {
      const touched = this.#touched.of(mutant.file)
      const near = this.#near(mutant.file)
      for (const tests of [...near, ...this.#killersOf(mutant.file), touched]) {
        if (tests.length === 0) continue
        // One file takes a fraction of all; an endless loop shows there soon, and a busy machine kills no survivor.
        const patience = tests === touched ? untouchedSeconds * 3 + 30 : untouchedSeconds + 15
        const { passed, output } = await run(this.#folder, tests, patience)
        if (passed) continue
        this.#learn(mutant.file, output)
        return /\b(?:Parser|Binder|Catalog) Error\b/.test(output) ? 'invalid' : 'killed'
      }
      return 'survived'
    } finally {
      await writeFile(file, untouched)
    }
  }

  #killersOf(file: string): (readonly string[])[] {
    return (this.#killers.get(file) ?? []).map((test) => [test])
  }

  #learn(file: string, output: string): void {
    const [, killer] = / FAIL +(test\/\S+\.test\.ts)/.exec(output) ?? []
    if (killer === undefined || killer.endsWith('/examples.test.ts')) return
    const others = (this.#killers.get(file) ?? []).filter((test) => test !== killer)
    this.#killers.set(file, [killer, ...others].slice(0, mostKillers))
  }

  /** The file of tests that mirrors the mutant's own, and for a rule its examples. */
  #near(file: string): (readonly string[])[] {
    const [, top, id = ''] = /^(rules|src)\/(.*)\.ts$/.exec(file) ?? []
    const own = `test/${top === 'rules' ? 'rules/' : ''}${id}.test.ts`
    const examples = top === 'rules' ? [['test/rules/examples.test.ts', '-t', id]] : []
    return [...(existsSync(join(this.#folder, own)) ? [[own]] : []), ...examples]
  }
}

/** The fast tests, ended at the first failure. A run that takes too long (an endless loop) has failed. */
function run(folder: string, tests: readonly string[], seconds: number): Promise<TestRun> {
  const started = performance.now()
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs')
  const caches = join(folder, 'caches')
  const args = [
    vitest,
    'run',
    ...tests,
    '--bail=1',
    '--no-file-parallelism',
    '--pool=threads',
    '--reporter=dot',
    `--fsModuleCachePath=${join(caches, 'modules')}`,
  ]
  const child = spawn(process.execPath, args, {
    cwd: folder,
    // A group of its own: a test run that hangs ends with all its workers.
    detached: true,
    // Both caches go by content: a mutant is never taken for another one.
    env: { ...process.env, NO_COLOR: '1', NODE_COMPILE_CACHE: join(caches, 'compiled') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    if (output.length < 1_000_000) output += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(child.pid), seconds * 1000)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ passed: code === 0, output, seconds: (performance.now() - started) / 1000 })
    })
  })
}

function end(pid: number | undefined): void {
  if (pid !== undefined) process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
}
