import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fate, Judged } from './bench.ts'
import type { Mutant } from './mutant.ts'

interface Line {
  readonly file: string
  /** Of that file with its change. */
  readonly mutant: string
  readonly fate: Fate
  /** Of the tests it hangs on: the file that killed it, or all of them where it survived. */
  readonly tests: string
  readonly by: string | null
}

/**
 * What became of mutants in earlier runs, one line of JSON each, so that hours of judging can be done in parts. A kill holds
 * while the changed file and the test that noticed are the same, whatever else has changed; a survivor is asked again when
 * any test is another. What hung or crashed is always judged again: that can be the machine.
 */
export class Kept {
  readonly #path: string
  readonly #lines = new Map<string, Line>()
  /** Hashes of the files under test/, as they were when the run began. */
  readonly #tests: ReadonlyMap<string, string>
  readonly #all: string

  constructor(root: string, path: string) {
    this.#path = path
    this.#tests = new Map(
      globSync('test/**/*.ts', { cwd: root })
        .map((file) => file.replaceAll('\\', '/'))
        .toSorted()
        .map((file) => [file, hash(readFileSync(join(root, file), 'utf8'))]),
    )
    this.#all = hash([...this.#tests].join())
    if (!existsSync(path)) return
    const text = readFileSync(path, 'utf8')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    // A run that was killed may have left a line without its end; the next one would be written into it.
    if (whole !== text) writeFileSync(path, whole)
    for (const line of whole.split('\n').slice(0, -1)) {
      const read = JSON.parse(line) as Line
      this.#lines.set(read.mutant, read)
    }
  }

  /** Null where nothing is known that still holds. */
  fateOf({ source }: Mutant): Fate | null {
    const line = this.#lines.get(hash(source))
    return line !== undefined && line.tests === this.#standing(line.by) ? line.fate : null
  }

  /** At once, for a run may be killed. */
  add({ file, source }: Mutant, { fate, by }: Judged): void {
    if (fate === 'killed' && by === null) return
    const line: Line = { file, mutant: hash(source), fate, tests: this.#standing(by), by }
    this.#lines.set(line.mutant, line)
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`)
  }

  /** Leaves what is known of these mutants, in their order: so two runs write the same file. */
  tidy(mutants: readonly Mutant[]): void {
    const lines = mutants.flatMap(({ source }) => this.#lines.get(hash(source)) ?? [])
    writeFileSync(this.#path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  }

  #standing(by: string | null): string {
    return by === null ? this.#all : (this.#tests.get(by) ?? '')
  }
}

/** Sixty-four bits: of ten thousand texts two are the same once in 368 billion times. */
const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
