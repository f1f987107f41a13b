import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../../core/errors.ts'

export interface Walked {
  /** Absolute. */
  readonly path: string
  /** As the user would name it: the path that was given, and below it. */
  readonly name: string
  /** Below the source, from `/`; empty where the source is the file itself. */
  readonly below: string
  /** Among all files of all sources, in the order in which these were given. */
  readonly place: number
  readonly bytes: number
  readonly modified: Date
  /** A link that leads nowhere, or a file that was taken away since its folder was listed. */
  readonly isMissing?: boolean
}

/** A sync leaves some thousands of files a month; far beyond that somebody has named the wrong folder. */
const mostFiles = 100_000
const deepest = 12

/**
 * The files below a path, in the order of their names (`byName`); a file is itself. Hidden files and folders (`.git`,
 * `.DS_Store`) and whatever is neither file nor folder are passed over.
 *
 * @param before - how many files the sources before it hold.
 */
export async function walk(path: string, name: string, before = 0): Promise<Walked[]> {
  const found: Walked[] = []
  const add = (file: Omit<Walked, 'place' | 'below'>): unknown =>
    found.push({ ...file, place: before + found.length, below: file.path.slice(path.length) })
  const seen = new Set<string>()
  const visit = async (at: string, shown: string, depth: number): Promise<void> => {
    const facts = await stat(at).catch((cause: unknown) => {
      // What may not be read must not be passed over in silence.
      if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ELOOP'))
        return null
      throw cause
    })
    if (facts === null) add({ path: at, name: shown, bytes: 0, modified: new Date(0), isMissing: true })
    if (facts?.isFile()) {
      add({ path: at, name: shown, bytes: facts.size, modified: facts.mtime })
      if (found.length > mostFiles) throw tooMany(name)
    }
    if (!facts?.isDirectory()) return
    // A link to a folder above would go round for ever.
    const real = await realpath(at)
    if (seen.has(real)) return
    seen.add(real)
    if (depth > deepest) throw tooDeep(name)
    const entries = (await readdir(at)).filter((entry) => !entry.startsWith('.')).toSorted(byName)
    for (const entry of entries) await visit(join(at, entry), join(shown, entry), depth + 1)
  }
  await visit(path, name, 0)
  return found
}

const collate = new Intl.Collator('en', { numeric: true }).compare
const stemOf = (entry: string): string => entry.replace(/\..*$/s, '')

/**
 * By what comes before the first dot, numbers as numbers: what a browser saved later as `people (1).csv`, `people(1).csv` or
 * `people-2.csv` comes after `people.csv`, and `(10)` after `(9)`. Character by character they would stand before it, and
 * of a person in both the older export would count.
 */
function byName(a: string, b: string): number {
  return collate(stemOf(a), stemOf(b)) || collate(a, b) || (a < b ? -1 : 1)
}

const tooMany = (name: string): UsageError =>
  new UsageError(
    'USAGE_SOURCE',
    `--source ${name} holds more than ${mostFiles} files.`,
    'Name the folder that holds the files of Customer.io alone.',
  )

const tooDeep = (name: string): UsageError =>
  new UsageError(
    'USAGE_SOURCE',
    `--source ${name} holds folders more than ${deepest} levels below it.`,
    'Name the folder that holds the files of Customer.io alone.',
  )
