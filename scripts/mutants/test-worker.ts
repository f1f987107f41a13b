// A process that keeps the test runner open in its working directory: it runs what it is told, one message after the other.
import { resolve } from 'node:path'
import { BaseSequencer, createVitest, type TestModule, type TestSpecification } from 'vitest/node'

/** The files of tests to run, in their order, ended at the first failure; `changed` differs from the tree, and what did before does not any more. */
export interface Wanted {
  readonly tests: readonly string[]
  /** Only tests whose full name matches this regular expression. */
  readonly named: string | null
  readonly changed: string | null
}

/** A test that failed. */
export interface Failed {
  /** From the root of the tree. */
  readonly file: string
  /** With the names of what it stands in; null where the file failed before its tests ran. */
  readonly name: string | null
}

export interface Told {
  readonly passed: boolean
  /** What the failed tests said. */
  readonly output: string
  readonly failed: Failed | null
  /** Milliseconds of each file that passed. */
  readonly took: Readonly<Record<string, number>>
}

/** The runner itself failed, which says nothing of a mutant. */
export interface Broke {
  readonly broke: string
}

let order: readonly string[] = []

/** The runner's own would begin with the largest file. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => order.findIndex((test) => moduleId === test)
    return files.toSorted((a, b) => place(a) - place(b))
  }
}

const vitest = await createVitest('test', {
  watch: false,
  bail: 1,
  pool: 'threads',
  fileParallelism: false,
  // One copy of the modules for all files of a run: reading them anew for each takes longer than most tests.
  isolate: false,
  reporters: [{}],
  sequence: { sequencer: InOrder },
})

process.on('message', (wanted: Wanted) => {
  run(wanted).then(
    (told) => process.send!(told),
    (error: unknown) => process.send!({ broke: String(error) } satisfies Broke),
  )
})
process.on('disconnect', () => process.exit())
// Ctrl-C reaches every process of the terminal; the one that asks says when it is over.
process.on('SIGINT', () => undefined)

let last: string | null = null

async function run({ tests, named, changed }: Wanted): Promise<Told> {
  for (const file of [changed, last]) if (file !== null) vitest.invalidateFile(resolve(file))
  last = changed
  // What earlier runs left: their failures would end this one before it begins.
  vitest.state.filesMap.clear()
  vitest.state.errorsSet.clear()
  if (named === null) vitest.resetGlobalTestNamePattern()
  else vitest.setGlobalTestNamePattern(new RegExp(named))
  order = tests.map((test) => resolve(test))
  const specifications = await vitest.getRelevantTestSpecifications([...order])
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  const failed = testModules.find((module) => module.state() === 'failed')
  const said = [...unhandledErrors, ...testModules.flatMap(errorsOf)].map(messageOf)
  return {
    passed: testModules.length > 0 && failed === undefined && unhandledErrors.length === 0,
    output: said.join('\n'),
    failed: failed === undefined ? null : { file: failed.relativeModuleId, name: failedTest(failed) },
    took: Object.fromEntries(
      testModules
        .filter((module) => module.state() === 'passed')
        .map((module) => [module.relativeModuleId, module.diagnostic().duration]),
    ),
  }
}

/** As the pattern of names sees it. */
function failedTest(module: TestModule): string | null {
  const [test] = module.children.allTests('failed')
  return test === undefined ? null : test.fullName.replaceAll(' > ', ' ')
}

function errorsOf(module: TestModule): unknown[] {
  const tests = [...module.children.allTests('failed')]
  return [...module.errors(), ...tests.flatMap((test) => test.result().errors ?? [])]
}

function messageOf(error: unknown): string {
  const { message, cause } = error as { readonly message?: unknown; readonly cause?: unknown }
  return cause === undefined || cause === null ? String(message) : `${String(message)}\n${messageOf(cause)}`
}
