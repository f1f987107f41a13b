import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { startSimulator, type Simulator } from '../../src/simulator/index.ts'
import { openSnapshot } from '../../src/snapshot/index.ts'
import { binary, envOf, runCli, startCli, tempFolder, type CliResult } from '../support/cli.ts'

let shop: Simulator
beforeAll(async () => {
  shop = await startSimulator({ people: 60, seed: 3, variant: 'broken', now: new Date() })
})
afterAll(() => shop.close())

interface Case {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What stands in the current folder; null makes a folder of that name. */
  readonly files?: Readonly<Record<string, string | null>>
  /** Against the simulator, with a key that it takes. */
  readonly connected?: boolean
  readonly code: number
  readonly says: RegExp
}

const folder = () => tempFolder(onTestFinished)

async function run({ args = [], env = {}, files = {}, connected = false }: Case): Promise<CliResult> {
  const cwd = await folder()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(text === null ? join(cwd, name) : dirname(join(cwd, name)), { recursive: true })
    if (text !== null) await writeFile(join(cwd, name), text)
  }
  return await runCli(args.length > 0 ? args : ['run'], {
    cwd,
    env: { ...(connected ? envOf(shop) : {}), ...env },
  })
}

/** One sentence that says what, one that says what to do, and no trace of the code behind it. */
function expectPlain({ stdout, stderr }: CliResult): void {
  expect(stderr).not.toMatch(/^\s+at .*[:(]\d+/m)
  expect(stderr).not.toMatch(/node:internal|file:\/\/|\/dist\//)
  expect(stdout).toBe('')
}

const key = { CIO_APP_API_KEY: 'some-key' }
const cases: Readonly<Record<string, Case>> = {
  'no key': { code: 2, says: /CIO_APP_API_KEY is not set\.\n {2}→ Make one/ },
  'an unknown flag': { args: ['run', '--frsh'], code: 2, says: /--frsh/ },
  'a key in a flag': {
    args: ['doctor', '--api-key=abcdef0123456789'],
    code: 2,
    says: /^(?![^]*abcdef)✖ --api-key is not taken: keys come from the environment alone[^]*→ Set CIO_APP_API_KEY/,
  },
  'a key as an argument': {
    args: ['run', key.CIO_APP_API_KEY],
    env: key,
    code: 2,
    says: /^(?![^]*some-key)✖ A key on the command line is not taken/,
  },
  'an unknown command': { args: ['rnu'], code: 2, says: /rnu is not a cio-audit command|cio-audit help/ },
  'flags that exclude each other': { args: ['run', '--reveal', '--redact'], code: 2, says: /--redact/ },
  'a format that there is not': { args: ['run', '--format', 'pdf'], code: 2, says: /table, json, csv/ },
  'csv without a folder': { args: ['run', '--format', 'csv'], code: 2, says: /--out/ },
  'a source that is not there': {
    args: ['run', '--source', 'people.csv'],
    code: 2,
    says: /--source people\.csv is no source: there is no such file or folder\.\n {2}→ Check the path/,
  },
  'a source that names nothing': {
    args: ['run', '--source', 'people.csv', '--source', ' '],
    files: { 'people.csv': 'cio_id,id,email\nc1,u1,a@b.c\n' },
    code: 2,
    says: /--source is given without a value\.\n {2}→ Give it one, or leave the flag out\./,
  },
  'a journey out of a variable that is not set': {
    args: ['run', '--journey', ''],
    code: 2,
    says: /--journey is given without a value\./,
  },
  'a folder for reports out of such a variable': {
    args: ['demo', '--out='],
    code: 2,
    says: /--out is given without a value\./,
  },
  'a folder with nothing known': {
    args: ['run', '--source', 'files'],
    files: { 'files/notes.txt': 'hello' },
    code: 2,
    says: /--source files is no source: it has no columns of a file of Customer\.io/,
  },
  'an empty folder as source': {
    args: ['run', '--source', 'files'],
    files: { files: null },
    code: 2,
    says: /there is no file in it/,
  },
  'a source of which nothing can be read': {
    args: ['run', '--source', 'files'],
    files: { 'files/2184.97.1.tracks.parquet': 'PAR1, and then it was cut off' },
    code: 5,
    says: /Nothing of --source files could be read: .*it is torn/,
  },
  'two snapshots': {
    args: ['run', '--source', 'a.duckdb', '--source', 'b.duckdb'],
    code: 2,
    says: /Two snapshots/,
  },
  'a --since that is no time': {
    args: ['run', '--since', 'yesterday'],
    code: 2,
    says: /--since is given as "yesterday"/,
  },
  'a rule that there is not': { args: ['run', '--rule', 'identiy/*'], code: 2, says: /matches no rule/ },
  'a page of a rule that there is not': {
    args: ['rules', 'explain', 'devices/shard-token'],
    code: 2,
    says: /Did you mean devices\/shared-token\?/,
  },
  'an offline run without a snapshot': { args: ['run', '--offline'], code: 2, says: /no finished snapshot/ },
  'a snapshot that is not there': {
    args: ['run', '--source', 'x.duckdb'],
    code: 2,
    says: /There is no file/,
  },
  'a snapshot that is something else': {
    args: ['run', '--source', 'x.duckdb'],
    files: { 'x.duckdb': 'no database' },
    code: 5,
    says: /snapshot file is damaged/,
  },
  'plain http to another machine': {
    env: { ...key, CIO_APP_API_URL: 'http://api.customer.io' },
    code: 2,
    says: /plain http/,
  },
  'an address that is none': {
    env: { ...key, CIO_APP_API_URL: 'api.customer.io' },
    code: 2,
    says: /CIO_APP_API_URL/,
  },
  'a region that is none': { env: { ...key, CIO_REGION: 'asia' }, code: 2, says: /CIO_REGION/ },
  'a key with a line break': { env: { CIO_APP_API_KEY: 'some\nkey' }, code: 2, says: /line break/ },
  'a .env that is a folder': { files: { '.env': null }, code: 2, says: /\.env/ },
  'an unknown key in the config': {
    files: { 'cio-audit.yaml': 'identity:\n  maxShar: 5\n' },
    code: 2,
    says: /cio-audit\.yaml:2:3.*maxShar.*maxShare/,
  },
  'a wrong type in the config': {
    files: { 'cio-audit.yaml': 'identity:\n  maxShare: many\n' },
    code: 2,
    says: /cio-audit\.yaml:2:13/,
  },
  'bad YAML': { files: { 'cio-audit.yaml': 'identity: [\n' }, code: 2, says: /cio-audit\.yaml:/ },
  'a config that is a folder': { files: { 'cio-audit.yaml': null }, code: 2, says: /cio-audit\.yaml/ },
  'a config that is not there': { args: ['run', '--config', 'no.yaml'], code: 2, says: /no\.yaml/ },
  'custom rules that are not there': {
    files: { 'cio-audit.yaml': 'customRules: ["./rules/*.ts"]\n' },
    code: 2,
    says: /customRules: "\.\/rules\/\*\.ts" matches no file/,
  },
  'an empty plan': { files: { 'tracking-plan.yaml': '' }, code: 2, says: /tracking-plan\.yaml:1:1.*empty/ },
  'a plan with an unknown type': {
    files: {
      'tracking-plan.yaml': 'version: 1.0.0\nevents:\n  a:\n    properties:\n      b: { type: strng }\n',
    },
    code: 2,
    says: /tracking-plan\.yaml:5:\d+.*string/s,
  },
  'waivers that are no such CSV': { files: { 'waivers.csv': 'a,b\n1,2\n' }, code: 2, says: /waivers\.csv/ },
  'a baseline that is none': {
    files: { 'cio-audit.baseline.json': '[]' },
    code: 2,
    says: /cio-audit\.baseline\.json/,
  },
  'an output folder that is a file': {
    args: ['run', '--out', 'report'],
    files: { report: '' },
    connected: true,
    code: 2,
    says: /--out .*report is a file/,
  },
  'an output folder with a manifest of somebody else': {
    args: ['run', '--out', 'app'],
    files: { 'app/manifest.json': '{"name":"My web app","icons":[]}' },
    connected: true,
    code: 2,
    says: /--out .*app holds a manifest\.json that cio-audit did not write\.\n {2}→ Choose another folder/,
  },
  'an output folder that cannot be made': {
    args: ['run', '--out', '/proc/cio-audit'],
    connected: true,
    code: 2,
    says: /--out .* cannot be written to/,
  },
  'a state folder that is a file': {
    args: ['run', '--state-dir', 'state'],
    files: { state: '' },
    connected: true,
    code: 2,
    says: /state is a file/,
  },
  'a wrong key': {
    env: { CIO_APP_API_KEY: 'wrong-key' },
    connected: true,
    code: 4,
    says: /refused the App API key/,
  },
  'a fault that is none': {
    args: ['simulate', '--fault', '{"kind":"flood"}'],
    code: 2,
    says: /--fault .* is no fault/,
  },
}

describe('each gets its exit code, a plain sentence, and nothing on stdout', () => {
  test.for(Object.entries(cases))('%s', async ([, given]) => {
    const result = await run(given)
    expect(result.stderr).toMatch(given.says)
    expect(result.code).toBe(given.code)
    expectPlain(result)
  })
})

test('no request is made when the output folder cannot be written', async () => {
  const before = shop.requests().length
  await run({ args: ['run', '--out', '/proc/cio-audit'], connected: true, code: 2, says: /./ })
  expect(shop.requests()).toHaveLength(before)
})

test('the Track key in the place of the App key is named as such: 4', async () => {
  const { code, stderr } = await run({
    connected: true,
    env: { CIO_APP_API_KEY: shop.trackKey, CIO_TRACK_API_KEY: shop.trackKey, CIO_SITE_ID: shop.siteId },
    code: 4,
    says: /./,
  })
  expect(stderr).toMatch(/Track API key/)
  expect(code).toBe(4)
})

test('people that cannot be read: 4; any other stream only leaves its rules without an answer', async () => {
  onTestFinished(() => shop.setFaults([]))
  const given: Case = { connected: true, code: 4, says: /may not read people/ }
  shop.setFaults([{ kind: 'forbidden', endpoint: '^/v1/customers$' }])
  const refused = await run(given)
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringMatching(/may not read people/) as string })
  shop.setFaults([{ kind: 'forbidden', endpoint: '/v1/activities' }])
  const partial = await run(given)
  expect(partial.stdout).toMatch(/activities\/\* is incomplete: 0 read, forbidden \(403\)/)
  expect([1, 3]).toContain(partial.code)
})

test('a host of the other region refuses the key: 4', async () => {
  onTestFinished(() => shop.setFaults([]))
  shop.setFaults([{ kind: 'wrong-region' }])
  const { code, stderr } = await run({ connected: true, env: { CIO_REGION: 'us' }, code: 4, says: /./ })
  expect(stderr).toMatch(/refused the App API key[^]*address that the key belongs to/)
  expect(code).toBe(4)
})

test('an unknown host, and nobody at the port: 5', async () => {
  const unknown = await run({
    env: { ...key, CIO_APP_API_URL: 'https://nobody.invalid' },
    code: 5,
    says: /./,
  })
  expect(unknown.stderr).toMatch(/could not be reached at nobody\.invalid/)
  expect(unknown.code).toBe(5)
  expectPlain(unknown)
  const refused = await run({ env: { ...key, CIO_APP_API_URL: 'http://127.0.0.1:9' }, code: 5, says: /./ })
  expect(refused.stderr).toMatch(/could not be reached at 127\.0\.0\.1:9/)
  expect(refused.code).toBe(5)
})

test('a snapshot of a newer version is refused, and stays as it is', async () => {
  const cwd = await folder()
  await runCli(['pull'], { cwd, env: envOf(shop) })
  const path = join(cwd, '.cio-audit', 'snapshot.duckdb')
  const database = await openDatabase({ path, access: 'write' })
  await database.run(raw("update meta set value = '99' where key = 'version'"))
  database.close()
  for (const args of [['run', '--offline'], ['run', '--source', path], ['run'], ['doctor']]) {
    const { code, stdout, stderr } = await runCli(args, { cwd, env: envOf(shop) })
    const said = expect.stringMatching(/newer version of cio-audit/) as string
    expect({ args, code, said: stderr + stdout }).toEqual({ args, code: 2, said })
  }
})

test('a second run on the same state folder: 2, naming the first; it loses nothing', async () => {
  const cwd = await folder()
  const held = await openSnapshot({ stateDir: join(cwd, '.cio-audit'), access: 'write' })
  const second = await runCli(['run'], { cwd, env: envOf(shop) })
  await held.close()
  expect(second.stderr).toContain(String(process.pid))
  expect(second.code).toBe(2)
  expectPlain(second)
})

test('a report that finds its place taken is 6; the verdict is printed, and no half of it is left', async () => {
  const cwd = await folder()
  await mkdir(join(cwd, 'audit', 'report.json', 'in the way'), { recursive: true })
  const { code, stdout, stderr } = await runCli(['run', '--out', 'audit'], { cwd, env: envOf(shop) })
  expect(stdout).toMatch(/NO-GO|INCONCLUSIVE/)
  expect(stderr).toMatch(/could not be written to .*audit.*\n {2}→ .*--offline/)
  expect(code).toBe(6)
})

test('Ctrl-C during a pull is 130; the next run goes on from there', async () => {
  onTestFinished(() => shop.setFaults([]))
  const cwd = await folder()
  shop.setFaults([{ kind: 'slow', ms: 300, endpoint: '/v1/activities' }])
  const { child, done, said } = startCli(['pull', '--verbose'], { cwd, env: envOf(shop) })
  await said('attributes: 6')
  child.kill('SIGINT')
  const { code, stderr } = await done
  expect(stderr).toMatch(/Interrupted; what was read so far is kept\.\n {2}→ Run the same command again/)
  expect(code).toBe(130)
  shop.setFaults([])
  const before = shop.requests().length
  expect((await runCli(['pull'], { cwd, env: envOf(shop) })).code).toBe(0)
  const later = shop.requests().slice(before)
  expect(later.filter(({ method, path }) => method === 'POST' && path === '/v1/customers')).toEqual([])
})

test('SIGTERM is 130 too', async () => {
  onTestFinished(() => shop.setFaults([]))
  shop.setFaults([{ kind: 'slow', ms: 300, endpoint: '/v1/activities' }])
  const { child, done, said } = startCli(['run', '--verbose'], { cwd: await folder(), env: envOf(shop) })
  await said('people: 6')
  child.kill('SIGTERM')
  expect((await done).code).toBe(130)
})

/** A limit on the size of files is what a full disk looks like from inside: a write fails in the middle. */
test.runIf(process.platform === 'linux')('a disk that is full is 5, and the next run goes on', async () => {
  const cwd = await folder()
  const child = spawn('bash', ['-c', 'ulimit -f 900 && exec "$0" "$@"', process.execPath, binary, 'pull'], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...envOf(shop) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(stderr).toMatch(/The disk is full: the state folder could not be written\.\n {2}→ Make room/)
  expect(code).toBe(5)
  expect((await runCli(['pull'], { cwd, env: envOf(shop) })).code).toBe(0)
})
