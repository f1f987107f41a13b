import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { CioAuditError, UsageError } from '../../src/core/errors.ts'

/** Runs in an empty folder with these files in it. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  run: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cio-audit-config-'))
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
    return await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The usage error that a call ends in; anything else, success too, fails the test. */
export async function usageError(run: () => unknown): Promise<UsageError> {
  try {
    await run()
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    expect(cause).toBeInstanceOf(CioAuditError)
    expect(cause.oclif.exit).toBe(2)
    expect(cause.suggestions.length).toBeGreaterThan(0)
    return cause
  }
  throw new Error('no error was thrown')
}
