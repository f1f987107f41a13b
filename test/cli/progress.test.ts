import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createProgress } from '../../src/cli/progress.ts'
import { durationText, tellPull } from '../../src/cli/pull-progress.ts'

/** A log file, a terminal, or nobody, and a clock that the test moves. */
function started(
  options: { readonly quiet?: boolean; readonly verbose?: boolean; readonly isTTY?: boolean } = {},
) {
  const stream = new PassThrough()
  const stderr = Object.assign(stream, {
    isTTY: options.isTTY ?? false,
    columns: 80,
    rows: 24,
  }) as unknown as NodeJS.WriteStream
  let time = Date.parse('2026-11-23T12:00:00Z')
  const progress = createProgress({
    stderr,
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
    now: () => new Date(time),
  })
  return {
    progress,
    pass: (ms: number) => {
      time += ms
    },
    text: () => (stream.read() as Buffer | null)?.toString() ?? '',
  }
}

test('a log gets a line now and then, and the last word', async () => {
  const { progress, pass, text } = started()
  await progress.step('Reading', async (say) => {
    for (let page = 1; page <= 100; page++) {
      say(`page ${page}`)
      pass(100)
    }
  })
  const lines = text().trimEnd().split('\n')
  expect(lines[0]).toBe('Reading …')
  expect(lines.at(-1)).toBe('Reading: done in 10.0 s (page 100)')
  expect(lines).toHaveLength(6)
})

test('--verbose says every word, and details', async () => {
  const { progress, text } = started({ verbose: true })
  await progress.step('Reading', async (say) => {
    say('one')
    say('two')
  })
  progress.detail('more')
  expect(text()).toMatch(/ {2}one\n {2}two\n[^]* {2}more\n/)
})

test('--quiet says nothing and does the work', async () => {
  const { progress, text } = started({ quiet: true })
  expect(
    await progress.step('Reading', async (say) => {
      say('one')
      return 7
    }),
  ).toBe(7)
  progress.note('a note')
  progress.warn('a warning')
  expect(text()).toBe('')
})

test('what comes from a workspace steers no terminal', () => {
  const { progress, text } = started()
  progress.warn('stream \u001b[2J ended')
  expect(text()).toBe('! stream \\u001b[2J ended\n')
})

test('on a terminal a step gives its value, a failure comes through, and notes come after it', async () => {
  const { progress, text } = started({ isTTY: true })
  const value = await progress.step('Reading', async (say) => {
    say('one')
    progress.note('held back')
    return 7
  })
  expect(value).toBe(7)
  const drawn = text()
  expect(drawn.trimEnd().endsWith('• held back')).toBe(true)
  expect(drawn).toContain('Reading: one')
  const failure = new Error('refused')
  await expect(progress.step('Reading', () => Promise.reject(failure))).rejects.toBe(failure)
})

test('a pull is told by counts, and what is incomplete stays on the screen', () => {
  const { progress, text } = started()
  const said: string[] = []
  const tell = tellPull(progress, (word) => said.push(word))
  tell({ kind: 'forecast', people: 2000, requests: 63, seconds: 7 })
  tell({ kind: 'page', stream: 'people', read: 1000, expected: 2000, requests: 5 })
  tell({ kind: 'page', stream: 'activities/*', read: 1, expected: null, requests: 6 })
  tell({
    kind: 'stream-ended',
    stream: 'activities/*',
    read: 1,
    expected: null,
    rejected: 2,
    complete: false,
    ended: 'forbidden (403)',
  })
  expect(said.at(-1)).toBe('people 1,000 of 2,000, 1 activity, 1 stream ended, 6 requests')
  expect(text()).toBe(
    '• A workspace of 2,000 people: at least 63 requests, 7 seconds or more.\n' +
      '! activities/* is incomplete: 1 read, forbidden (403).\n' +
      '! activities/*: 2 records did not fit and were set aside.\n',
  )
})

test.each([
  [1, '1 second'],
  [89.2, '90 seconds'],
  [600, '10 minutes'],
  [7200, '2 hours'],
  [9000, '2.5 hours'],
])('%i seconds are %s', (seconds, words) => {
  expect(durationText(seconds)).toBe(words)
})
