import type { ErrorCode } from './error-codes.ts'

export type { ErrorCode } from './error-codes.ts'

/** The exit codes of the command line; the meaning of each is a promise to CI jobs (README, "Exit codes"). */
export const exitCodes = {
  go: 0,
  noGo: 1,
  usage: 2,
  inconclusive: 3,
  refused: 4,
  source: 5,
  report: 6,
  bug: 70,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * A failure that a user can cause or meet: one sentence that says what, one or more that say what to do next.
 * oclif prints `message` and `suggestions` and leaves with `oclif.exit`; nobody calls `process.exit`.
 */
export class CioAuditError extends Error {
  readonly code: ErrorCode
  readonly suggestions: string[]
  readonly oclif: { readonly exit: ExitCode }

  constructor(
    code: ErrorCode,
    exit: ExitCode,
    message: string,
    suggestions: string | readonly string[],
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'CioAuditError'
    this.code = code
    this.suggestions = typeof suggestions === 'string' ? [suggestions] : [...suggestions]
    this.oclif = { exit }
  }
}

/** Bad flags, no key, a state folder in use, an invalid config, plan, waiver, baseline or orders file: exit 2. */
export class UsageError extends CioAuditError {
  constructor(
    code: ErrorCode,
    message: string,
    suggestions: string | readonly string[],
    options?: ErrorOptions,
  ) {
    super(code, exitCodes.usage, message, suggestions, options)
  }
}

/** The key was refused, or people cannot be read at all: exit 4. */
export class RefusedError extends CioAuditError {
  constructor(
    code: ErrorCode,
    message: string,
    suggestions: string | readonly string[],
    options?: ErrorOptions,
  ) {
    super(code, exitCodes.refused, message, suggestions, options)
  }
}

/** The source could not be read (network, server, broken file, disk): exit 5. What was read so far is kept. */
export class SourceError extends CioAuditError {
  constructor(
    code: ErrorCode,
    message: string,
    suggestions: string | readonly string[],
    options?: ErrorOptions,
  ) {
    super(code, exitCodes.source, message, suggestions, options)
  }
}

/** The audit is done and its verdict printed, but a report could not be written: exit 6. */
export class ReportError extends CioAuditError {
  constructor(
    code: ErrorCode,
    message: string,
    suggestions: string | readonly string[],
    options?: ErrorOptions,
  ) {
    super(code, exitCodes.report, message, suggestions, options)
  }
}

/** Ctrl-C or SIGTERM: exit 130. */
export class InterruptedError extends CioAuditError {
  constructor() {
    super(
      'SOURCE_INTERRUPTED',
      exitCodes.interrupted,
      'Interrupted; what was read so far is kept.',
      'Run the same command again. A pull over the API goes on where it stopped, or begins anew with --fresh.',
    )
  }
}
