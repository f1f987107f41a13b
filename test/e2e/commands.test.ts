import { spawn } from 'node:child_process'
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { leastNode, nodeComplaint } from '../../bin/node-version.js'
import { rules } from '../../rules/index.ts'
import { startSimulator, type Simulator } from '../../src/simulator/index.ts'
import { allFiles, binary, envOf, runCli, startCli, tempFolder } from '../support/cli.ts'

const keys = { appKey: 'canary-app-5d1e9b', siteId: 'canary-site-77c04a', trackKey: 'canary-track-e3f6d2' }
const canaries = [...Object.values(keys), Buffer.from(`${keys.siteId}:${keys.trackKey}`).toString('base64')]
let shop: Simulator
beforeAll(async () => {
  shop = await startSimulator({ people: 60, seed: 5, variant: 'broken', now: new Date(), keys })
})
afterAll(() => shop.close())

const folder = () => tempFolder(onTestFinished)
const trackEnv = () => ({
  CIO_TRACK_API_URL: shop.trackUrl,
  CIO_SITE_ID: shop.siteId,
  CIO_TRACK_API_KEY: shop.trackKey,
})
const preload = (name: string): string =>
  fileURLToPath(new URL(`../support/preload/${name}`, import.meta.url))

test('the demo shows a verdict, says which code a real run would have given, exits 0 and leaves nothing behind', async () => {
  const cwd = await folder()
  const temp = await mkdtemp(join(tmpdir(), 'cio-audit-e2e-'))
  onTestFinished(() => rm(temp, { recursive: true }))
  // What stands in the folder plays no part.
  await writeFile(join(cwd, 'cio-audit.yaml'), 'nonsense: true\n')
  const { code, stdout } = await runCli(['demo', '--people', '500', '--out', 'files'], {
    cwd,
    env: { TMPDIR: temp },
  })
  expect(stdout).toMatch(/✖ NO-GO: \d+ blocking rules failed; /)
  expect(stdout).toMatch(/A real run would have ended with exit code 1 \(NO-GO\); the demo ends with 0\.\n$/)
  expect(code).toBe(0)
  expect(await readdir(temp)).toEqual([])
  expect((await readdir(cwd)).toSorted()).toEqual(['cio-audit.yaml', 'files'])
  expect(await readFile(join(cwd, 'files', 'findings.csv'), 'utf8')).toMatch(/@/)
})

test('doctor names what works and what the rules wait for: 0', async () => {
  const unseen = rules.filter(({ meta }) => meta.sources['app-api'] === 'none').map(({ meta }) => meta.id)
  const comparing = rules.filter(({ meta }) => meta.input !== undefined)
  const { code, stdout } = await runCli(['doctor'], {
    cwd: await folder(),
    env: { ...envOf(shop), ...trackEnv() },
  })
  for (const line of [
    /✔ The App API key is accepted at 127\.0\.0\.1:\d+/,
    /✔ The Track API key is accepted/,
    /✔ The clocks agree/,
    /✔ people search\./,
    /✔ bulk read of attributes and devices, by plain cio_id\./,
    /✔ event properties: present in \d+/,
    new RegExp(`✔ ${rules.length - unseen.length - comparing.length} of ${rules.length} rules can judge`),
    /- Skipped, unless a run has what they compare with: events\/unseen-orders\s+\(--orders\),\s+events\/volume-shift\s+\(six weeks of runs or files\),\s+governance\/plan-drift\s+\(an earlier run\)\./,
    new RegExp(`- Skipped, the App API cannot show it: ${unseen.join(',\\s+')}\\.`),
    // Every question of the checklist has a rule that can answer it.
    /^(?![^]*No rule can show)/,
    /A run would work\./,
  ]) {
    expect(stdout).toMatch(line)
  }
  expect(code).toBe(0)
})

test('doctor says which rules a missing permission costs, and with which code a run would end', async () => {
  onTestFinished(() => shop.setFaults([]))
  const cwd = await folder()
  shop.setFaults([{ kind: 'forbidden', endpoint: '/v1/activities' }])
  const partial = await runCli(['doctor'], { cwd, env: envOf(shop) })
  expect(partial.stdout).toMatch(/! activities: this key may not read it \(403\)/)
  expect(partial.stdout).toMatch(/! events\/duplicate-key would be inconclusive: activities\./)
  expect(partial.code).toBe(0)
  shop.setFaults([{ kind: 'forbidden', endpoint: '^/v1/customers$' }])
  const refused = await runCli(['doctor'], { cwd, env: envOf(shop) })
  expect(refused.stdout).toMatch(/A run would end with exit code 4\./)
  expect(refused.code).toBe(4)
})

test('doctor asks on where the list of workspaces cannot be read, and a run does, too', async () => {
  onTestFinished(() => shop.setFaults([]))
  const cwd = await folder()
  shop.setFaults([{ kind: 'forbidden', endpoint: '/v1/workspaces' }])
  const partial = await runCli(['doctor'], { cwd, env: envOf(shop) })
  expect(partial.stdout).toMatch(/✔ The App API key is accepted[^]*! workspaces: this key may not read it/)
  expect(partial.stdout).toMatch(/✔ people search\.[^]*A run would work\./)
  expect(partial.code).toBe(0)
  shop.setFaults([{ kind: 'html', status: 404 }])
  const nothing = await runCli(['doctor'], { cwd, env: envOf(shop) })
  expect(nothing.stdout).toMatch(/! Customer\.io answers at 127[^]*A run would end with exit code 5\./)
  expect(nothing.code).toBe(5)
})

test('doctor gives the code that a run would: 2 without a key or with a broken file, 4 for a wrong key, 5 for nobody there', async () => {
  const cwd = await folder()
  expect(await runCli(['doctor'], { cwd })).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/CIO_APP_API_KEY is not set/) as string,
  })
  const wrong = await runCli(['doctor'], { cwd, env: { ...envOf(shop), CIO_APP_API_KEY: 'wrong' } })
  expect(wrong.code).toBe(4)
  const gone = await runCli(['doctor'], {
    cwd,
    env: { ...envOf(shop), CIO_APP_API_URL: 'http://127.0.0.1:9' },
  })
  expect(gone.code).toBe(5)
  await writeFile(join(cwd, 'tracking-plan.yaml'), '')
  await writeFile(join(cwd, 'cio-audit.yaml'), 'nonsense: true\n')
  const broken = await runCli(['doctor'], { cwd, env: envOf(shop) })
  expect(broken.stdout).toMatch(/✖ cio-audit\.yaml:1:1[^]*✖ tracking-plan\.yaml:1:1/)
  expect(broken.code).toBe(2)
})

test('simulate prints what to paste, serves it, and ends with Ctrl-C', async () => {
  const { child, done, said, heard } = startCli(['simulate', '--people', '50'], { cwd: await folder() })
  await said('cio-audit run')
  const [, url = ''] = /^export CIO_APP_API_URL=(.*)$/m.exec(heard()) ?? []
  const answer = await fetch(`${url}/v1/workspaces`, { headers: { authorization: 'Bearer sim-app-key' } })
  expect(answer.status).toBe(200)
  child.kill('SIGINT')
  const { code, stderr } = await done
  expect(stderr).toBe('')
  expect(code).toBe(0)
})

test('rules lists every rule, and explain prints the page of one', async () => {
  const cwd = await folder()
  const list = await runCli(['rules'], { cwd })
  for (const { meta } of rules) expect(list.stdout).toContain(meta.id)
  expect(list.code).toBe(0)
  const page = await runCli(['rules', 'explain', 'identity/duplicate-email'], { cwd })
  expect(page.stdout).toMatch(/^# identity\/duplicate-email[^]*## How to mend it/)
  expect(list.stdout).toMatch(/info +identity\/email-variant\n[^;]*;\s+informs\s+only\./)
  await writeFile(
    join(cwd, 'cio-audit.yaml'),
    'rules: { identity/email-variant: { severity: warn, maxCount: 0 } }\n',
  )
  const own = await runCli(['rules'], { cwd })
  expect(own.stdout).toMatch(/warn +identity\/email-variant\n[^;]*;\s+fails\s+over\s+0\s+profiles/)
  expect(page.code).toBe(0)
})

test('help and version', async () => {
  const cwd = await folder()
  const pull = await runCli(['pull', '--help'], { cwd })
  // No choice with one half of it missing.
  expect(pull.stdout).not.toMatch(/\|\s*\]/)
  const help = await runCli(['run', '--help'], { cwd })
  expect(help.stdout).toMatch(/--fail-on[^]*Exit codes:\n {2}0 GO\n {2}1 NO-GO/)
  expect(help.code).toBe(0)
  const version = await runCli(['--version'], { cwd })
  expect(version.stdout).toMatch(/^cio-audit\/\d+\.\d+\.\d+ /)
  expect(version.code).toBe(0)
})

test('a bug is 70 and not 1, without a stack trace and without the key', async () => {
  const options = {
    cwd: await folder(),
    env: { CIO_APP_API_KEY: keys.appKey },
    preload: [preload('broken-group-by.mjs')],
  }
  const short = await runCli(['rules'], options)
  expect(short.code).toBe(70)
  expect(short.stderr).toMatch(
    /^✖ This is a bug in cio-audit: sabotage with \[secret\]\n {2}→ Please report it/,
  )
  expect(short.stderr).not.toMatch(/^\s+at /m)
  expect(short.stderr).not.toContain(keys.appKey)
})

test('a failure outside of everything is 70 too', async () => {
  const { code, stderr } = await runCli(['simulate', '--people', '50'], {
    cwd: await folder(),
    preload: [preload('late-throw.mjs')],
  })
  expect(stderr).toMatch(/This is a bug in cio-audit: thrown late/)
  expect(code).toBe(70)
})

test('a reader that has gone is no failure', async () => {
  const cwd = await folder()
  const child = spawn(process.execPath, [binary, 'rules'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(stderr).toBe('')
  expect(code).toBe(0)
})

test.runIf(process.platform === 'linux')('a full disk behind standard output is 6', async () => {
  const cwd = await folder()
  const full = await open('/dev/full', 'w')
  onTestFinished(() => full.close())
  await runCli(['pull'], { cwd, env: envOf(shop) })
  const { code, stderr } = await runCli(['run', '--offline', '--out', 'audit'], { cwd, stdoutTo: full.fd })
  expect(stderr).toMatch(/could not be written to standard output/)
  expect(code).toBe(6)
  expect(await readdir(join(cwd, 'audit'))).toContain('report.json')
})

test('an old Node is told what to do, in one sentence', async () => {
  expect(nodeComplaint('20.20.2')).toMatch(
    /^cio-audit needs Node 22\.18 or newer and was started with 20\.20\.2: install it/,
  )
  for (const old of ['18.0.0', '22.17.9', '21.99.0']) expect(nodeComplaint(old)).not.toBeNull()
  for (const fine of ['22.18.0', '24.0.0', '26.1.0', process.versions.node])
    expect(nodeComplaint(fine)).toBeNull()
  const { engines } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    engines: { node: string }
  }
  expect(engines.node).toBe(`>=${leastNode.join('.')}`)
})

test('no key ever appears: not in output, not in a file, not in an error, not with --verbose', async () => {
  onTestFinished(() => shop.setFaults([]))
  const cwd = await folder()
  const env = { ...envOf(shop), ...trackEnv() }
  const said: string[] = []
  const run = async (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<void> => {
    const { stdout, stderr } = await runCli(args, { cwd, env: { ...env, ...more } })
    said.push(stdout, stderr)
  }
  await run(['run', '--verbose', '--out', 'audit'])
  await run(['doctor', '--verbose'])
  await run(['run', '--verbose'], { CIO_APP_API_KEY: keys.trackKey })
  await run(['run', '--verbose'], { CIO_APP_API_URL: `http://${keys.appKey}@127.0.0.1:9` })
  await run(['run', '--verbose'], { CIO_SITE_ID: `${keys.siteId} ${keys.appKey}` })
  shop.setFaults([{ kind: 'html', status: 400, endpoint: '/v1/workspaces' }])
  await run(['pull', '--fresh', '--verbose'])
  await writeFile(join(cwd, '.env'), `CIO_APP_API_KEY="${keys.appKey}\n`)
  await run(['run', '--verbose'])
  await rm(join(cwd, '.env'))
  expect(said.join('')).toMatch(/NO-GO|INCONCLUSIVE/)
  for (const canary of canaries) {
    expect(said.join('')).not.toContain(canary)
    for (const [path, bytes] of await allFiles(cwd))
      expect(bytes.includes(canary), `${canary} in ${path}`).toBe(false)
  }
})
