import { expect, test } from 'vitest'
import { InterruptedError } from '../../src/core/errors.ts'
import { now, pull, shop } from '../support/pulls.ts'
import { tempDir } from '../support/temp-dir.ts'

const sample = { people: 60, seed: 1 }
const idsOf = (rows: readonly Readonly<Record<string, unknown>>[]): unknown[] =>
  rows.map((row) => Object.values(row)[0])

test('a sample reads those who are drawn and everything of theirs, and nobody else', async () => {
  const simulator = await shop()
  const whole = await pull(simulator)
  const before = simulator.requests().length
  const drawn = await pull(simulator, { sample })
  const people = idsOf(await drawn.rows('select cio_id from profile order by cio_id'))
  expect(people).toHaveLength(60)
  expect(idsOf(await drawn.rows('select cio_id from person order by cio_id'))).toEqual(people)
  expect(drawn.ledger['people']).toMatchObject({ complete: true, read: 250 })
  expect(drawn.ledger['attributes']).toMatchObject({ complete: true, read: 60, expected: 60 })
  expect(drawn.ledger['activities/*']).toMatchObject({ complete: true })
  expect(Object.keys(drawn.ledger).filter((name) => name.startsWith('activities/'))).toEqual(['activities/*'])
  // Backdated activities beyond the window may come with either way of reading; those of the window must be the same.
  const list = people.map((id) => `'${String(id)}'`).join(',')
  const inWindow = `"at" >= '${new Date(now.getTime() - 30 * 86_400_000).toISOString()}'::timestamp`
  const theirs = `select id from activity where cio_id in (${list}) and ${inWindow} order by id`
  expect(idsOf(await drawn.rows(theirs))).toEqual(idsOf(await whole.rows(theirs)))
  expect(idsOf(await drawn.rows(theirs)).length).toBeGreaterThan(100)
  expect(
    await drawn.rows(`select count(*)::int as others from activity where cio_id not in (${list})`),
  ).toEqual([{ others: 0 }])
  const devices = 'select token from device order by token'
  expect(idsOf(await drawn.rows(devices))).toEqual(
    idsOf(await whole.rows(`select token from device where cio_id in (${list}) order by token`)),
  )
  const asked = simulator.requests().slice(before)
  expect(
    asked.filter(({ path, query }) => path === '/v1/activities' && query['customer_id'] === undefined),
  ).toEqual([])
  expect(await drawn.rows("select key, value from meta where key like 'sample.%' order by key")).toEqual([
    { key: 'sample.of', value: '250' },
    { key: 'sample.wanted', value: '60:1' },
  ])
})

test('the same seed draws the same people, another one draws others', async () => {
  const simulator = await shop()
  const people = async (seed: number): Promise<unknown[]> =>
    idsOf(
      await (
        await pull(simulator, { sample: { people: 60, seed } })
      ).rows('select cio_id from person order by 1'),
    )
  const first = await people(1)
  expect(await people(1)).toEqual(first)
  const second = await people(2)
  expect(second).toHaveLength(60)
  const both = second.filter((id) => first.includes(id))
  expect(both.length).toBeGreaterThan(0)
  expect(both.length).toBeLessThan(40)
})

test('a sample that was interrupted goes on with its own people, and ends in the same snapshot', async () => {
  const simulator = await shop()
  const whole = await pull(simulator, { sample })
  for (const [stream, page] of [
    ['people', 1],
    ['attributes', 1],
    ['activities/*', 25],
  ] as const) {
    const stateDir = await tempDir()
    const abort = new AbortController()
    let pages = 0
    const interrupted = pull(simulator, {
      stateDir,
      sample,
      signal: abort.signal,
      onProgress: (told) => {
        if (told.kind === 'page' && told.stream === stream && (pages += 1) === page) abort.abort()
      },
    })
    await expect(interrupted).rejects.toThrow(InterruptedError)
    const before = simulator.requests().length
    const resumed = await pull(simulator, { stateDir, sample })
    expect(resumed.hash).toBe(whole.hash)
    expect(resumed.ledger['activities/*']?.read).toBe(whole.ledger['activities/*']?.read)
    const again = simulator
      .requests()
      .slice(before)
      .filter(({ path }) => path === '/v1/activities')
    expect(again.length < 60).toBe(stream === 'activities/*')
  }
})

test('whoever asks for other people than the unfinished pull begins anew', async () => {
  const simulator = await shop()
  for (const other of [{ people: 60, seed: 2 }, undefined]) {
    const stateDir = await tempDir()
    const abort = new AbortController()
    const interrupted = pull(simulator, {
      stateDir,
      sample,
      signal: abort.signal,
      onProgress: ({ kind }) => kind === 'page' && abort.abort(),
    })
    await expect(interrupted).rejects.toThrow(InterruptedError)
    const { progress, rows } = await pull(simulator, {
      stateDir,
      ...(other === undefined ? {} : { sample: other }),
    })
    expect(progress).toContainEqual({
      kind: 'notice',
      message: expect.stringContaining('The unfinished pull reads a sample (60:1), now'),
    })
    expect(await rows('select count(*)::int as people from person')).toEqual([
      { people: other === undefined ? 250 : 60 },
    ])
  }
})

test('where there are no more people than asked for, everybody is read as without it', async () => {
  const simulator = await shop()
  const { progress, ledger, rows } = await pull(simulator, { sample: { people: 250, seed: 1 } })
  expect(progress).toContainEqual({
    kind: 'notice',
    message: 'The workspace has no more than 250 people, so everybody is read.',
  })
  expect(ledger['activities/event:purchase']).toBeDefined()
  expect(await rows("select value from meta where key = 'sample.of'")).toEqual([])
})

test('a bound on activities cuts a sample, also where the pull was interrupted after the cut', async () => {
  const simulator = await shop()
  const stateDir = await tempDir()
  const abort = new AbortController()
  let pages = 0
  const interrupted = pull(simulator, {
    stateDir,
    sample,
    maxActivities: 90,
    signal: abort.signal,
    onProgress: (told) => {
      if (told.kind === 'page' && told.stream === 'activities/*' && (pages += 1) === 50) abort.abort()
    },
  })
  await expect(interrupted).rejects.toThrow(InterruptedError)
  const { ledger } = await pull(simulator, { stateDir, sample, maxActivities: 90 })
  expect(ledger['activities/*']).toMatchObject({ complete: false, ended: 'max-activities bound' })
  expect(ledger['activities/*']?.read).toBeLessThanOrEqual(90)
  expect(ledger['activities/*']?.read).toBeGreaterThan(60)
})
