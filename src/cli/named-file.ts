import { randomUUID } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UsageError } from '../core/errors.ts'
import { writeOut, type Io } from './io.ts'
import { reasonOf } from './output-folder.ts'

export interface Target {
  readonly out: string
  readonly force: boolean
  /** What to do where the command has no --out. */
  readonly advice?: string
}

/** Whole or not at all, and never over a file that nobody said may go: plans and configs are written by hand more than by us. */
export async function writeNamedFile(text: string, { out, force, advice }: Target, io: Io): Promise<void> {
  if (out === '-') {
    await writeOut(io.stdout, [text])
    return
  }
  const path = resolve(io.cwd, out)
  const draft = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await writeFile(draft, text, { flag: 'wx' })
    // A link fails where the name is taken, a rename does not.
    await (force ? rename(draft, path) : link(draft, path))
  } catch (cause) {
    if (reasonOf(cause) === 'EEXIST')
      throw new UsageError('USAGE_OUT', `${out} is there already.`, advice ?? takenAdvice, { cause })
    throw new UsageError(
      'USAGE_OUT',
      `${out} could not be written (${reasonOf(cause)}).`,
      advice ?? 'Name a file in a folder that you may write to with --out.',
      { cause },
    )
  } finally {
    await rm(draft, { force: true })
  }
}

export const takenAdvice = 'Name another file with --out, or add --force to write over it.'
