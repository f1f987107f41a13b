import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { reportSchema } from '../../src/core/report.ts'
import { shopPlan, writeBulkFiles } from '../../src/simulator/index.ts'
import { allFiles, runCli, tempFolder, type CliResult } from '../support/cli.ts'
import { formats, sarifRun, xmlAll, xmlOf } from '../support/formats.ts'
import { asOf } from '../support/workspace.ts'

const everything = formats.flatMap((format) => ['--format', format])
const handedOn = ['report.md', 'junit.xml', 'report.sarif', 'github-summary.md', 'report.txt']
const cores = fileURLToPath(new URL('../support/preload/cores.mjs', import.meta.url))
const sources = ['--source', 'pipelines', '--source', 'export']
const cleanUps: (() => Promise<void>)[] = []
let shop = ''
let first: CliResult
let files: ReadonlyMap<string, Buffer>

/** A folder with the files of one small shop, as they come or in another order. */
async function shopFolder(cleanUp: (work: () => Promise<void>) => void, shuffled = false): Promise<string> {
  const cwd = await tempFolder(cleanUp)
  for (const kind of ['pipelines', 'export'] as const) {
    const folder = join(cwd, kind)
    const fileType = kind === 'pipelines' ? { fileType: 'jsonl' as const } : {}
    await writeBulkFiles({ people: 100, seed: 11, variant: 'broken', now: asOf, kind, folder, ...fileType })
  }
  await writeFile(join(cwd, 'tracking-plan.yaml'), shopPlan())
  await writeFile(join(cwd, 'cio-audit.yaml'), 'rules:\n  identity/duplicate-email: { maxRate: 0.002 }\n')
  if (shuffled) await shuffle(join(cwd, 'pipelines'))
  return cwd
}

/** The lines of each file the other way round. */
async function shuffle(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n')
    await writeFile(join(folder, name), `${lines.toReversed().join('\n')}\n`)
  }
}

const key = { CIO_AUDIT_REDACT_KEY: 'the-key-of-the-test' }
const audit = (cwd: string, seen: number, env: Readonly<Record<string, string>>) =>
  runCli(['run', ...sources, ...everything, '--memory', '4GB', '--out', 'out'], {
    cwd,
    env: { ...key, TEST_CORES: String(seen), ...env },
    preload: [cores],
  })
const filesIn = async (cwd: string): Promise<ReadonlyMap<string, Buffer>> =>
  new Map([...(await allFiles(join(cwd, 'out')))].filter(([name]) => name !== 'timings.json'))

beforeAll(async () => {
  shop = await shopFolder((work) => void cleanUps.push(work))
  first = await audit(shop, 2, { TZ: 'UTC' })
  files = await filesIn(shop)
})
afterAll(async () => {
  for (const work of cleanUps.toReversed()) await work()
})
const text = (name: string): string => files.get(name)?.toString('utf8') ?? ''

/** The snapshot is named by the bytes of its files, and the run by the snapshot; everything else must be the same. */
function withoutNames(of: ReadonlyMap<string, Buffer>): ReadonlyMap<string, string> {
  const { run } = reportSchema.parse(JSON.parse(of.get('report.json')?.toString() ?? ''))
  return new Map(
    [...of].map(([name, bytes]) => [
      name,
      bytes.toString().replaceAll(run.snapshot, 'the snapshot').replaceAll(run.id, 'the run'),
    ]),
  )
}

test.each([
  ['one thread, Tokyo, German', 1, false, { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' }],
  [
    'four threads, Los Angeles, Turkish, the lines of each file in another order',
    4,
    true,
    { TZ: 'America/Los_Angeles', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  ],
])('%s: the same bytes in every format', async (_, seen, shuffled, env) => {
  const cwd = await shopFolder(onTestFinished, shuffled)
  const { code } = await audit(cwd, seen, env)
  expect(code).toBe(first.code)
  const again = await filesIn(cwd)
  expect([...again.keys()]).toEqual([...files.keys()])
  const [one, other] = shuffled ? [withoutNames(files), withoutNames(again)] : [files, again]
  expect([...one.keys()].filter((name) => String(one.get(name)) !== String(other.get(name)))).toEqual([])
})

test('every format of the run is there, and its verdict is one', () => {
  expect(first.code).toBe(1)
  for (const name of [...handedOn, 'report.json', 'findings.csv', 'manifest.json'])
    expect([...files.keys()]).toContain(name)
  expect(text('report.md')).toMatch(/^# ✖ NO-GO/)
  expect(xmlAll(xmlOf(text('junit.xml')), 'failure').length).toBeGreaterThan(3)
  expect(text('report.sarif')).toContain('"verdict":"no-go"')
})

test('findings about the plan stand on its lines, and a rule on the line of the config that sets it', () => {
  const plan = shopPlan().split('\n')
  const { results } = sarifRun(text('report.sarif'))
  const places = results.flatMap(({ ruleId, locations }) =>
    locations.map(({ physicalLocation: { artifactLocation, region }, logicalLocations }) => ({
      ruleId,
      file: artifactLocation.uri,
      line: region.startLine,
      name: logicalLocations?.[0]?.fullyQualifiedName ?? '',
    })),
  )
  const planned = places.filter(({ ruleId }) => /^events\/(?:missing-property|wrong-type)$/.test(ruleId))
  expect(planned.length).toBeGreaterThan(3)
  for (const { name, line, file } of planned) {
    expect(file).toBe('tracking-plan.yaml')
    const last = name.split('.').at(-1)?.replace('[]', '') ?? ''
    expect(plan[line - 1]).toMatch(new RegExp(`^ +${last}:`))
  }
  expect(places.find(({ ruleId }) => ruleId === 'identity/duplicate-email')).toMatchObject({
    file: 'cio-audit.yaml',
    line: 2,
  })
})

test('what is handed on is masked; --reveal shows it; a summary that cannot be written is exit 6 after the rest', async () => {
  const found = text('findings.csv').match(/[\w.+-]+@[\w-]+\.[\w.]*\w/g) ?? []
  // The page of a rule names this one as an address of nobody.
  const addresses = [...new Set(found)].filter((address) => address !== 'test@test.com')
  expect(addresses.length).toBeGreaterThan(5)
  const showing = (of: ReadonlyMap<string, Buffer>): string[] =>
    handedOn.filter((name) => addresses.some((address) => of.get(name)?.includes(address)))
  expect(showing(files)).toEqual([])
  expect(addresses.filter((address) => first.stdout.includes(address))).toEqual([])
  const shown = await runCli(
    ['run', '--source', '.cio-audit/files.duckdb', ...everything, '--reveal', '--out', 'shown'],
    {
      cwd: shop,
      env: { ...key, GITHUB_STEP_SUMMARY: shop },
    },
  )
  expect(showing(await allFiles(join(shop, 'shown')))).toEqual(handedOn)
  expect(shown.code).toBe(6)
  expect(shown.stdout).toContain('NO-GO')
  expect(shown.stderr).toMatch(/The summary of the step could not be written \(EISDIR\)/)
})

test('github: the table is not obeyed, the annotations are', () => {
  const lines = first.stdout.trimEnd().split('\n')
  const token = /^::stop-commands::(\S+)$/.exec(lines[0] ?? '')?.[1] ?? 'none'
  const end = lines.indexOf(`::${token}::`)
  expect(lines[end + 1]).toBe(`::error title=cio-audit::NO-GO: ${/NO-GO: (.*)/.exec(text('report.md'))?.[1]}`)
  expect(lines.slice(end + 1).filter((line) => line.startsWith('::error '))).toHaveLength(10)
  expect(lines.at(-1)).toMatch(/^\d+ rules are not annotated/)
})

test('without --out the annotations and the summary of the step are all that github leaves', async () => {
  await writeFile(join(shop, 'summary.md'), 'What the step said before.\n')
  const { stdout } = await runCli(
    ['run', '--source', '.cio-audit/files.duckdb', '--rule', 'attributes/*', '--format', 'github'],
    { cwd: shop, env: { ...key, GITHUB_STEP_SUMMARY: join(shop, 'summary.md') } },
  )
  expect(stdout).toMatch(/^::stop-commands::[^]*Launch checklist[^]*\n::\w+ title=cio-audit::/)
  expect(await readFile(join(shop, 'summary.md'), 'utf8')).toMatch(
    /^What the step said before\.\n\n# .*\n[^]*## Launch checklist/,
  )
})

test('one format goes to standard output alone, for whatever reads it there', async () => {
  const { stdout } = await runCli(
    ['run', '--source', '.cio-audit/files.duckdb', '--rule', 'attributes/*', '--format', 'sarif'],
    { cwd: shop, env: key },
  )
  expect(sarifRun(stdout).results.length).toBeGreaterThan(0)
})
