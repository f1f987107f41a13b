import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Secret } from '../core/secret.ts'
import { UsageError } from '../core/errors.ts'
import { createMasker, type Format, type Masker } from '../reports/index.ts'
import { reasonOf } from './output-folder.ts'

export interface MaskingFacts {
  readonly reveal: boolean
  /** The flag, or `report.redact` of the config. */
  readonly redact: boolean
  readonly ci: boolean
  readonly terminal: boolean
}

export interface Masking {
  stdout(format: Format): boolean
  file(format: Format): boolean
}

/** Formats that are made to be handed on: into mails, logs, pull requests and other people's tools. */
const shared: ReadonlySet<Format> = new Set(['table', 'markdown', 'junit', 'sarif', 'github'])

/** Who may read it decides: a person at a terminal, and files that stay on the machine, see whom it is about. */
export function maskingFor({ reveal, redact, ci, terminal }: MaskingFacts): Masking {
  if (reveal || redact) return { stdout: () => redact && !reveal, file: () => redact && !reveal }
  return {
    stdout: (format) => ci || (format === 'table' ? !terminal : shared.has(format)),
    file: (format) => ci || shared.has(format),
  }
}

/** The key of the masks: given, so that masks are equal on every machine, or made once for this state folder. */
export async function loadMasker(stateDir: string, given: Secret | null): Promise<Masker> {
  if (given) return createMasker(given.reveal())
  const path = join(stateDir, 'redact.key')
  try {
    await mkdir(stateDir, { recursive: true })
    return createMasker((await keyIn(path)) || (await keyAnew(path)))
  } catch (cause) {
    throw new UsageError(
      'USAGE_REDACT_KEY',
      `The key for masking could not be kept in ${stateDir} (${reasonOf(cause)}).`,
      'Set CIO_AUDIT_REDACT_KEY, or name a folder that you may write to with --state-dir.',
      { cause },
    )
  }
}

async function keyIn(path: string): Promise<string> {
  // `wx`: of two runs at once one makes the key, and both read it.
  await writeFile(path, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 }).catch(
    (error: unknown) => {
      if (reasonOf(error) !== 'EEXIST') throw error
    },
  )
  return (await readFile(path, 'utf8')).trim()
}

/** The other of two runs has made the file and is about to write. */
const unwrittenMs = 200

/** A full disk or a kill left the file and no key in it: with masks of an empty key anybody could try addresses. */
async function keyAnew(path: string): Promise<string> {
  await sleep(unwrittenMs)
  const written = await keyIn(path)
  if (written !== '') return written
  await rm(path, { force: true })
  const key = await keyIn(path)
  if (key !== '') return key
  throw Object.assign(new Error('there is no key in it'), { code: 'EMPTY' })
}
