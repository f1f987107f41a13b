import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { UsageError } from '../core/errors.ts'

export type Variables = Readonly<Record<string, string | undefined>>

const maxBytes = 1_000_000

/** The variables of a `.env` file in the folder, if there is one; the real environment wins. */
export function withDotEnv(env: Variables, cwd: string): Variables {
  const file = readDotEnv(join(cwd, '.env'))
  // Without a prototype: a line `__proto__=x` is a variable like any other.
  return Object.assign(Object.create(null) as Record<string, string>, file, env)
}

function readDotEnv(path: string): Variables {
  const stats = attempt(() => statSync(path, { throwIfNoEntry: false }))
  if (stats === undefined) return {}
  if (!stats.isFile())
    throw unreadable(stats.isDirectory() ? 'is a folder, not a file' : 'is no regular file')
  if (stats.size > maxBytes) throw unreadable('is larger than 1 MB')
  const bytes = attempt(() => readFileSync(path))
  try {
    return parseEnv(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw unreadable('is not UTF-8 text', cause)
  }
}

function attempt<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw unreadable('could not be read', cause)
  }
}

function unreadable(what: string, cause?: unknown): UsageError {
  return new UsageError(
    'CONFIG_ENVIRONMENT',
    `.env in the current folder ${what}.`,
    'Mend or remove it; the same variables may be set in the environment.',
    { cause },
  )
}
