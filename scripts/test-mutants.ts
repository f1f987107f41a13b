// Changes each guard and comparison of rules/, src/model/ and what the audit adds to it, one by one, and counts how many the tests notice.
import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, matchesGlob } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './generated.ts'
import { Bench, type Fate } from './mutants/bench.ts'
import { Kept } from './mutants/kept.ts'
import { type Mutant, mutantsOf } from './mutants/mutant.ts'
import { sample } from './mutants/sample.ts'

const wantedShare = 0.95
const record = 'test/mutants.jsonl'

const usage = `Usage: npm run test:mutants -- [--file <glob>]… [--sample <n> [--seed <n>]] [--workers <n>] [--seconds <n>] [--keep <file>] [--marked] [--list]
  --file     only files that match, such as 'src/model/*.ts'
  --sample   n mutants drawn at random; --seed draws the same ones again
  --marked   only those that the code calls equivalent, to see that no test tells them; else they count as survivors unseen
  --seconds  how long all tests take without a change, where that is known: they must be known to pass, and are not run
  --keep     where it is written down what became of each mutant, instead of ${record}; what still holds there is not judged again
  --list     print the mutants and run nothing`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      file: { type: 'string', multiple: true, default: ['**'] },
      sample: { type: 'string' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      workers: { type: 'string', default: String(availableParallelism()) },
      seconds: { type: 'string' },
      keep: { type: 'string', default: join(root, record) },
      marked: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  })
  const [count, seed, workers] = [values.sample ?? 'Infinity', values.seed, values.workers].map(Number)
  const seconds = values.seconds === undefined ? null : Number(values.seconds)
  if (!(count! >= 1) || !Number.isInteger(seed) || !(workers! >= 1) || (seconds !== null && !(seconds > 0))) {
    console.error(usage)
    return 2
  }
  const every = globSync(['rules/*/*.ts', 'src/model/**/*.ts', 'src/audit/{ledger,merges}.ts'], { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted()
    .flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')))
  const all = every
    .filter(({ file }) => values.file.some((glob) => matchesGlob(file, glob)))
    .filter(({ equivalent }) => !values.marked || equivalent !== null)
  const mutants = sample(all, count!, seed!)
  if (values.list) {
    for (const mutant of mutants) console.log(told(mutant))
    return 0
  }
  console.log(
    `${mutants.length} of ${all.length} mutants${mutants.length < all.length ? `, seed ${seed}` : ''}`,
  )
  const asked = values.marked ? mutants : mutants.filter(({ equivalent }) => equivalent === null)
  const kept = new Kept(root, values.keep)
  const found = await fates(asked, workers!, seconds, kept)
  kept.tidy(every)
  const unasked = asked.find((mutant) => !found.has(mutant))
  const reached = unasked === undefined ? mutants : mutants.slice(0, mutants.indexOf(unasked))
  if (unasked !== undefined)
    console.log(`\nEnded by hand before ${told(unasked)}: ${reached.length} of ${mutants.length}.`)
  return values.marked ? judgeMarks(found) : judge(reached, found)
}

/** Each worker takes the next mutant from the common list. Ctrl-C ends after those that are at work; a second one at once. */
async function fates(
  mutants: readonly Mutant[],
  workers: number,
  known: number | null,
  kept: Kept,
): Promise<ReadonlyMap<Mutant, Fate>> {
  const found = new Map<Mutant, Fate>()
  for (const mutant of mutants) {
    const fate = kept.fateOf(mutant)
    if (fate === null) continue
    found.set(mutant, fate)
  }
  const waiting = mutants.filter((mutant) => !found.has(mutant))
  if (found.size > 0) console.log(`${found.size} were judged before, and it still holds`)
  let untouched: Promise<number> | undefined
  process.once('SIGINT', () => waiting.splice(0))
  async function work(): Promise<void> {
    const bench = await Bench.open(root)
    try {
      const seconds = known ?? (await (untouched ??= untouchedSeconds(bench)))
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const judged = await bench.fateOf(mutant, seconds)
        kept.add(mutant, judged)
        found.set(mutant, judged.fate)
        if (judged.fate === 'survived') console.log(`survived: ${told(mutant)}`)
        if (found.size % 50 === 0) console.log(`${found.size} of ${mutants.length}`)
      }
    } finally {
      await bench.close()
    }
  }
  // Settled, not raced: each worker takes its copy of the tree away before anything is told.
  const ended = await Promise.allSettled(Array.from({ length: Math.min(workers, mutants.length) }, work))
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return found
}

async function untouchedSeconds(bench: Bench): Promise<number> {
  const { passed, output, seconds } = await bench.test(600)
  if (!passed) throw new Error(`The tests fail without any change:\n${output}`)
  console.log(`Without any change the tests take ${Math.ceil(seconds)} s`)
  return seconds
}

const told = ({ file, line, what, equivalent }: Mutant): string =>
  `${file}:${line}: ${what}${equivalent === null ? '' : ` (equivalent: ${equivalent})`}`

/** Mutants that the code calls equivalent count as survivors too, so that no comment can lift the share. */
function judge(mutants: readonly Mutant[], found: ReadonlyMap<Mutant, Fate>): number {
  const of = (fate: Fate): readonly Mutant[] =>
    mutants.filter((mutant) => (found.get(mutant) ?? 'survived') === fate)
  const [killed, survived, invalid] = [of('killed'), of('survived'), of('invalid')]
  const equivalent = survived.filter((mutant) => mutant.equivalent !== null)
  const share = killed.length / Math.max(1, killed.length + survived.length)
  if (survived.length > 0) console.log('\nSurvivors, by file:')
  for (const mutant of survived) console.log(`  ${told(mutant)}`)
  console.log(
    `\n${killed.length} killed, ${survived.length} survived (${(share * 100).toFixed(1)} % killed), of which ${equivalent.length} change nothing by the word of the code; ${invalid.length} were no valid program and do not count.`,
  )
  if (share >= wantedShare) return 0
  console.error(`At least ${wantedShare * 100} % must die: add the test that notices a survivor.`)
  return 1
}

function judgeMarks(found: ReadonlyMap<Mutant, Fate>): number {
  const mistaken = [...found].flatMap(([mutant, fate]) => (fate === 'survived' ? [] : [mutant]))
  console.log(
    `\nOf ${found.size} that the code calls equivalent no test tells ${found.size - mistaken.length}.`,
  )
  for (const mutant of mistaken) console.error(`Not equivalent, a test tells it: ${told(mutant)}`)
  return mistaken.length === 0 ? 0 : 1
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})
