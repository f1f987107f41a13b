import { Errors } from '@oclif/core'
import { expect, test } from 'vitest'
import { describeFailure, scrub } from '../../src/cli/failure.ts'
import {
  InterruptedError,
  RefusedError,
  ReportError,
  SourceError,
  UsageError,
} from '../../src/core/errors.ts'

const quiet = { verbose: false, secrets: [] }

test.each([
  [new UsageError('USAGE_OUT', 'Wrong.', 'Mend it.'), 2],
  [new RefusedError('SOURCE_REQUEST', 'Wrong.', 'Mend it.'), 4],
  [new SourceError('SOURCE_REQUEST', 'Wrong.', 'Mend it.'), 5],
  [new ReportError('REPORT_FILES', 'Wrong.', 'Mend it.'), 6],
])('%s: what, what to do, and its own code', (error, exit) => {
  expect(describeFailure(error, quiet)).toEqual({ text: '✖ Wrong.\n  → Mend it.\n', exit })
})

test('an interruption is 130', () => {
  expect(describeFailure(new InterruptedError(), quiet).exit).toBe(130)
})

test('what oclif complains of is wrong usage, whatever code it has in mind', () => {
  expect(describeFailure(new Errors.CLIError('Nonexistent flag: --foo'), quiet).exit).toBe(2)
  expect(describeFailure(new Errors.CLIError('not a command', { exit: 127 }), quiet).exit).toBe(2)
})

test('leaving by --help is no failure', () => {
  expect(describeFailure(new Errors.ExitError(0), quiet)).toEqual({ text: '', exit: 0 })
})

test('anything else is a bug: one sentence, how to report it, and never a NO-GO', () => {
  const { text, exit } = describeFailure(new TypeError('x is not a function\nat y'), quiet)
  expect(exit).toBe(70)
  expect(text).toContain('This is a bug in cio-audit: x is not a function')
  expect(text).toContain('report it')
  expect(text).not.toMatch(/\n\s+at /)
})

test.each([[null], [undefined], ['a string'], [new Error('')]])('also when %j is thrown', (thrown) => {
  expect(describeFailure(thrown, quiet).exit).toBe(70)
})

test('--verbose shows the trace, and the causes', () => {
  const error = new SourceError('SOURCE_REQUEST', 'Wrong.', 'Mend it.', { cause: new Error('deep down') })
  expect(describeFailure(error, { verbose: true, secrets: [] }).text).toMatch(
    /\n\nSOURCE_REQUEST: see docs\/errors\.md\n\n[^]*Caused by: Error: deep down\n\s+at /,
  )
})

test('a person whom an unforeseen error repeats is masked in it, and in the trace', () => {
  const engine = new Error("Conversion Error: Could not convert string 'ana@example.com' to INT32")
  for (const error of [engine, new SourceError('SOURCE_REQUEST', 'Wrong.', 'Mend it.', { cause: engine })]) {
    const { text } = describeFailure(error, { verbose: true, secrets: [] })
    expect(text).toMatch(/Could not convert string 'a…@e….com#[0-9a-f]{8}' to INT32/)
    expect(text).not.toContain('ana@example.com')
    expect(text).toMatch(/\n\s+at /)
  }
})

test('a key that got into an error does not get out of it', () => {
  const error = new Error('Bearer k3y-value was refused', { cause: new Error('again k3y-value') })
  const { text } = describeFailure(error, { verbose: true, secrets: ['k3y-value'] })
  expect(text).not.toContain('k3y-value')
  expect(text).toContain('[secret]')
})

test('a key of three letters would take half of the words with it', () => {
  expect(scrub('the thing', ['the'])).toBe('the thing')
})
