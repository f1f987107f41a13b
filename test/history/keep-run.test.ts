import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { historyPath, withHistory } from '../../src/history/index.ts'
import { chunk, finishedRun, keep, named } from '../support/kept-runs.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

const reading = <T>(work: (db: Database) => Promise<T>): Promise<T> =>
  withHistory(folder, 'read', async (db) => {
    if (db === null) throw new Error('There is no history.')
    return await work(db)
  })
const list = (query: string) =>
  reading(async (db) => (await db.rows(raw(query))).map((row) => Object.values(row)[0]))

test('a run is kept with its plan and its findings, and without the people in them', async () => {
  const run = finishedRun('a', 23)
  await keep(folder, run)
  const findings = run.report.rules.flatMap(({ findings: { listed } }) => listed)
  expect(findings.length).toBeGreaterThan(3)
  expect(await list('select fingerprint from finding join finding_name using (number) order by 1')).toEqual(
    findings.map(({ fingerprint }) => fingerprint).toSorted(),
  )
  expect(await list(`select json_extract_string(plan, '$.origin') from run`)).toEqual(['built-in'])
  expect(await list('select total from rule_result order by position')).toEqual(
    run.report.rules.map((rule) => rule.findings.total),
  )
  const bytes = (await readFile(historyPath(folder))).toString('latin1')
  const people = findings.flatMap(({ subject, evidence }) => [
    subject.label,
    ...evidence.flatMap((line) => [line['email'], line['cio_id'], line['token']]),
  ])
  const values = people.filter((value) => typeof value === 'string').filter((value) => value.length > 6)
  expect(values.length).toBeGreaterThan(5)
  // The subject of a defect of an event is its name, which the plan holds too.
  const isName = (value: string) =>
    findings.some(({ subject }) => subject.label === value && !value.includes('@'))
  expect(values.filter((value) => !isName(value) && bytes.includes(value))).toEqual([])
})

test('the oldest go with all that is theirs, and the run at hand stays whatever its date', async () => {
  const own = (letter: string) => ({ findings: () => chunk([named(letter), named('e')]) })
  for (const [id, day] of [
    ['a', 10],
    ['b', 11],
    ['c', 12],
  ] as const)
    await keep(folder, finishedRun(id, day, own(id)), 2)
  const ids = () => list('select left(id, 1) from run order by as_of')
  expect(await ids()).toEqual(['b', 'c'])
  expect(await list('select distinct left(run, 1) from finding order by 1')).toEqual(['b', 'c'])
  expect(await list('select distinct left(run, 1) from rule_result order by 1')).toEqual(['b', 'c'])
  expect(await list('select right(fingerprint, 1) from finding_name order by 1')).toEqual(['b', 'c', 'e'])
  await keep(folder, finishedRun('d', 1, own('d')), 2)
  expect(await ids()).toEqual(['d', 'b', 'c'])
  // Another workspace in the same folder has a bound of its own.
  await keep(folder, finishedRun('f', 2, { workspaceId: 7 }), 2)
  expect(await ids()).toEqual(['d', 'f', 'b', 'c'])
})

test('the same run again takes its own place', async () => {
  await keep(folder, finishedRun('a', 10))
  await keep(folder, finishedRun('b', 10))
  await keep(folder, finishedRun('a', 10, { findings: () => chunk([named('1')]) }))
  expect(await list('select left(id, 1) || made from run order by made')).toEqual(['a1', 'b2'])
  expect(await list("select count(*) from finding where run like 'a%'")).toEqual([1])
})

test('ten runs of ten thousand findings stay under twelve megabytes, however many came before', async () => {
  const findings = Array.from({ length: 10_000 }, (_, n) => named(n.toString(16)))
  for (let day = 1; day <= 16; day += 1)
    await keep(
      folder,
      finishedRun(String.fromCharCode(96 + (day % 26 || 26)), day, { findings: () => chunk(findings) }),
      10,
    )
  expect((await stat(historyPath(folder))).size).toBeLessThan(12_000_000)
  expect(await list('select count(*) from finding')).toEqual([100_000])
})
