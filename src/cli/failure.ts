import { randomUUID } from 'node:crypto'
import { CioAuditError, exitCodes, type ExitCode } from '../core/errors.ts'
import { createMasker } from '../reports/mask.ts'

export interface Failure {
  /** For stderr; empty when there is nothing to say. */
  readonly text: string
  readonly exit: number
}

interface OclifError extends Error {
  readonly oclif: { readonly exit?: number }
}

/**
 * What a person is told of a failure, and the exit code. An expected one: what happened and what to do. oclif's own
 * complaints are about the command line. Anything else is a bug of ours; exit code 1 would be taken for a NO-GO.
 */
export function describeFailure(
  error: unknown,
  options: { readonly verbose: boolean; readonly secrets: readonly string[] },
): Failure {
  const { text, exit } = failureOf(error, options.verbose)
  return { text: scrub(text, options.secrets), exit }
}

function failureOf(error: unknown, verbose: boolean): Failure {
  const trace = verbose ? `\n\n${withoutPeople(traceOf(error))}` : ''
  if (error instanceof CioAuditError) {
    const advice = error.suggestions.map((line) => `\n  → ${line}`).join('')
    const code = verbose ? `\n\n${error.code}: see docs/errors.md` : ''
    return { text: `✖ ${error.message}${advice}${code}${trace}\n`, exit: error.oclif.exit }
  }
  if (isOclif(error)) {
    // `--help` and the like leave by an error with code 0.
    if (error.oclif.exit === 0) return { text: '', exit: 0 }
    return { text: `✖ ${error.message}${trace}\n`, exit: exitCodes.usage }
  }
  const exit: ExitCode = exitCodes.bug
  return {
    text: `✖ This is a bug in cio-audit: ${withoutPeople(oneSentence(error))}\n  → Please report it where you got cio-audit from, with the command line and what the same run prints with --verbose.${trace}\n`,
    exit,
  }
}

/**
 * What nobody foresaw may repeat the value that it stumbled over, as the engine's errors do, and it stands in logs and is to be
 * sent to us. Nothing is compared with these masks, so their key is any.
 */
const withoutPeople = (text: string): string => createMasker(randomUUID()).text(text)

const isOclif = (error: unknown): error is OclifError =>
  error instanceof Error &&
  'oclif' in error &&
  typeof error.oclif === 'object' &&
  error.oclif !== null &&
  'exit' in error.oclif

const oneSentence = (error: unknown): string => {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return line === '' ? 'something threw without saying why.' : line.slice(0, 500)
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? error.message
  return error.cause === undefined ? own : `${own}\nCaused by: ${traceOf(error.cause)}`
}

/** The last net under `Secret`: no key that the process was given leaves in an error. */
export function scrub(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (clean, secret) => (secret.length < 4 ? clean : clean.replaceAll(secret, '[secret]')),
    text,
  )
}
