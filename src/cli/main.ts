import type { Interfaces } from '@oclif/core'
import { readEnvironment } from '../config/environment.ts'
import { UsageError } from '../core/errors.ts'
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
    refuseKeys(argv)
    await run([...argv], load)
  } catch (error) {
    fail(error)
  }
}

const keyFlag = /^--(?:[a-z-]*(?:key|secret|token|password)|site-id)(?==|$)/i

/** oclif would repeat what it does not know, key and all, and a log of CI is read by many. No flag of ours has such a name. */
function refuseKeys(argv: readonly string[]): void {
  const flag = argv.map((arg) => keyFlag.exec(arg)?.[0]).find((found) => found !== undefined)
  // Shorter ones are no keys of Customer.io's, and may be words: whoever tries things out sets `demo`.
  const secrets = knownSecrets().filter(({ length }) => length >= 8)
  if (flag === undefined && !argv.some((arg) => secrets.includes(arg))) return
  throw new UsageError(
    'USAGE_KEY',
    `${flag ?? 'A key on the command line'} is not taken: keys come from the environment alone, where no list of processes shows them.`,
    'Set CIO_APP_API_KEY in the environment, or in a file .env in this folder. Make a new key if this one now stands in a log.',
  )
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
