import type { Interfaces } from '@oclif/core'
import { readEnvironment } from '../config/environment.ts'
import { describeFailure } from './failure.ts'

const secretNames = ['CIO_APP_API_KEY', 'CIO_SITE_ID', 'CIO_TRACK_API_KEY', 'CIO_AUDIT_REDACT_KEY'] as const

/** The program: runs the command that `argv` names, and turns whatever comes out of it into an exit code. */
export async function main(argv: readonly string[], load: Interfaces.LoadOptions): Promise<void> {
  const fail = (error: unknown): void => {
    const { text, exit } = describeFailure(error, {
      verbose: argv.includes('--verbose'),
      secrets: knownSecrets(),
    })
    process.stderr.write(text)
    process.exitCode = exit
  }
  process.on('uncaughtException', (error) => {
    fail(error)
    // Nothing can be relied on after it, and Node's own exit code for it is 1: a NO-GO.
    process.exit()
  })
  // A reader of stderr that has gone must not end the run.
  process.stderr.on('error', () => undefined)
  try {
    const { run, settings } = await import('@oclif/core')
    // Only `bin/dev.js` runs sources; a NODE_ENV of the user's must not make oclif look for a compiler.
    settings.enableAutoTranspile = false
    // oclif throws what it meets on stdout; `writeOut` handles it where it is written.
    process.stdout.removeAllListeners('error')
    process.stdout.on('error', () => undefined)
    await run([...argv], load)
  } catch (error) {
    fail(error)
  }
}

function knownSecrets(): string[] {
  const plain = secretNames.flatMap((name) => process.env[name] ?? [])
  try {
    const { appApiKey, siteId, trackApiKey, redactKey } = readEnvironment(process.env, process.cwd())
    return [
      ...plain,
      ...[appApiKey, siteId, trackApiKey, redactKey].flatMap((secret) => secret?.reveal() ?? []),
    ]
  } catch {
    // An environment that cannot be read is what the failure is about; the variables themselves are known.
    return plain
  }
}
