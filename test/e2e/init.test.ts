import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { Ajv } from 'ajv'
import { configJsonSchema, loadPlan, loadSettings, planJsonSchema } from '../../src/config/index.ts'
import { startSimulator, type Simulator } from '../../src/simulator/index.ts'
import { allFiles, binary, envOf, runCli, tempFolder } from '../support/cli.ts'

let shop: Simulator
beforeAll(async () => {
  shop = await startSimulator({ people: 300, seed: 5, variant: 'healthy', now: new Date() })
})
afterAll(() => shop.close())

const folder = () => tempFolder(onTestFinished)
const text = (cwd: string, name: string) => readFile(join(cwd, name), 'utf8')
const both = ['cio-audit.yaml', 'tracking-plan.yaml']

/** What the program itself and an editor say of the two files. */
async function load(cwd: string) {
  for (const [name, schema] of [
    ['cio-audit.yaml', configJsonSchema()],
    ['tracking-plan.yaml', planJsonSchema()],
  ] as const) {
    const isValid = new Ajv({ strict: false }).compile(schema)
    expect(isValid(parse(await text(cwd, name)) ?? {}), `${name}: ${JSON.stringify(isValid.errors)}`).toBe(
      true,
    )
    expect(await text(cwd, name)).toMatch(
      /^# yaml-language-server: \$schema=\.\/node_modules\/cio-audit\/schema\/[\w-]+\.schema\.json\n/,
    )
  }
  return { settings: await loadSettings(undefined, cwd), plan: await loadPlan(undefined, cwd) }
}

test('without a key it writes what the flags say, and both files are valid', async () => {
  const cwd = await folder()
  const args = [
    '--name',
    'Shop: "one"',
    '--country',
    'DE',
    '--canonical-id',
    'uuid',
    '--login-event',
    'sign in',
  ]
  const { code, stdout, stderr } = await runCli(
    ['init', ...args, '--event', 'cart=basket=changed', '--opt-in-attribute', 'wants_push'],
    { cwd },
  )
  expect(code).toBe(0)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/Written: cio-audit\.yaml\n.*Written: tracking-plan\.yaml\n[^]*set CIO_APP_API_KEY/)
  expect((await readdir(cwd)).toSorted()).toEqual(both)
  const { settings, plan } = await load(cwd)
  expect(settings.workspace.name).toBe('Shop: "one"')
  expect(settings.identity).toMatchObject({
    canonicalId: 'uuid',
    authEvents: ['sign in'],
    defaultCountry: 'DE',
  })
  expect(settings.push.optInAttribute).toBe('wants_push')
  expect(plan.events['basket=changed']).toMatchObject({ intent: 'cart', critical: true })
  expect(plan.events['purchase']).toMatchObject({ critical: false })
})

test('with a key it finds name, ids, logins, permission and events in about a dozen reads, and a run takes what it wrote', async () => {
  const cwd = await folder()
  const before = shop.requests().length
  const { code, stderr } = await runCli(['init', '--yes'], { cwd, env: envOf(shop) })
  const asked = shop.requests().slice(before)
  expect(stderr).toMatch(/Looking at the workspace: done/)
  expect(code).toBe(0)
  expect(asked.length).toBeLessThanOrEqual(15)
  const { settings, plan } = await load(cwd)
  expect(settings.workspace.name).toBe('Northwind Outfitters')
  expect(settings.identity).toMatchObject({ canonicalId: 'uuid', authEvents: ['login'] })
  expect(await text(cwd, 'cio-audit.yaml')).toMatch(/# \d+ % of \d+ ids that were looked at are uuid\./)
  expect(await text(cwd, 'cio-audit.yaml')).toMatch(/^ {2}optInAttribute: push_opt_in /m)
  expect(plan.events['cart_updated']).toMatchObject({ intent: 'cart', critical: true })
  expect(plan.events['cart_updated']?.properties['cart_value']).toMatchObject({
    type: 'number',
    required: true,
  })
  expect(plan.attributes['customer_id']).toMatchObject({ required: true })
  // Nothing of the people stays behind, and nothing but the two files.
  expect((await readdir(cwd)).toSorted()).toEqual(both)
  const run = await runCli(['run', '--json'], { cwd, env: envOf(shop) })
  expect(run.stderr).not.toMatch(/✖/)
  expect([0, 1, 3]).toContain(run.code)
  expect(JSON.parse(run.stdout)).toMatchObject({ run: { plan: { origin: 'tracking-plan.yaml' } } })
})

test('a key that is refused, or nobody there, leaves files with less in them, and says why', async () => {
  for (const [env, why] of [
    [{ ...envOf(shop), CIO_APP_API_KEY: 'canary-wrong-key' }, /was not looked at: .*refused/],
    [{ ...envOf(shop), CIO_APP_API_URL: 'http://127.0.0.1:9' }, /was not looked at: /],
  ] as const) {
    const cwd = await folder()
    const { code, stderr } = await runCli(['init', '--yes'], { cwd, env })
    expect(stderr).toMatch(why)
    expect(stderr).not.toContain('canary-wrong-key')
    expect(code).toBe(0)
    await load(cwd)
  }
})

test('what may not be read is left out, and the rest is still found', async () => {
  onTestFinished(() => shop.setFaults([]))
  shop.setFaults([{ kind: 'forbidden', endpoint: '/v1/customers' }])
  const cwd = await folder()
  const { code } = await runCli(['init', '--yes'], { cwd, env: envOf(shop) })
  expect(code).toBe(0)
  const { settings, plan } = await load(cwd)
  expect(settings).toMatchObject({
    workspace: { name: 'Northwind Outfitters' },
    identity: { canonicalId: 'auto' },
  })
  expect(plan.events['purchase']).toMatchObject({ intent: 'purchase' })
})

test('no key appears: not in output, not in a file, not with --verbose', async () => {
  const keys = { appKey: 'canary-app-5d1e9b', siteId: 'canary-site-77c04a', trackKey: 'canary-track-e3f6d2' }
  const own = await startSimulator({ people: 60, seed: 5, variant: 'broken', now: new Date(), keys })
  onTestFinished(() => own.close())
  const cwd = await folder()
  const env = {
    ...envOf(own),
    CIO_TRACK_API_URL: own.trackUrl,
    CIO_SITE_ID: keys.siteId,
    CIO_TRACK_API_KEY: keys.trackKey,
  }
  const args = ['init', '--verbose', '--ci', 'github', '--ci', 'gitlab', '--ci', 'cron']
  const { code, stdout, stderr } = await runCli(args, { cwd, env })
  expect(code).toBe(0)
  expect(stderr).toMatch(/Looking at the workspace: done/)
  for (const canary of Object.values(keys)) {
    expect(stdout + stderr).not.toContain(canary)
    for (const [path, bytes] of await allFiles(cwd)) expect(bytes.includes(canary), `in ${path}`).toBe(false)
  }
})

test('with --offline nothing is asked, also where a key is there', async () => {
  const cwd = await folder()
  const before = shop.requests().length
  expect((await runCli(['init', '--offline'], { cwd, env: envOf(shop) })).code).toBe(0)
  expect(shop.requests().length).toBe(before)
  await load(cwd)
})

test('a file that is there stays byte for byte; --force writes over it', async () => {
  const cwd = await folder()
  await writeFile(join(cwd, 'cio-audit.yaml'), '# mine\nnonsense: true\n')
  const kept = await runCli(['init', '--yes'], { cwd })
  expect(kept.stderr).toMatch(
    /cio-audit\.yaml is there already and stays as it is[^]*Written: tracking-plan\.yaml/,
  )
  expect(kept.code).toBe(0)
  expect(await text(cwd, 'cio-audit.yaml')).toBe('# mine\nnonsense: true\n')
  const again = await runCli(['init', '--yes'], { cwd })
  expect(again.stderr).toMatch(
    /✖ cio-audit\.yaml, tracking-plan\.yaml: all of them are there already\.\n.*--force/,
  )
  expect(again.code).toBe(2)
  expect((await runCli(['init', '--yes', '--force', '--name', 'New'], { cwd })).code).toBe(0)
  expect((await load(cwd)).settings.workspace.name).toBe('New')
})

test('--ci writes a job beside the files, alone where they are there', async () => {
  const cwd = await folder()
  await runCli(['init', '--yes'], { cwd })
  const { code, stderr } = await runCli(
    ['init', '--yes', '--ci', 'github', '--ci', 'gitlab', '--ci', 'cron'],
    { cwd },
  )
  expect(code).toBe(0)
  expect(stderr).toMatch(
    /secrets CIO_APP_API_KEY[^]*include: \{ local: \.gitlab\/cio-audit\.yml \}[^]*crontab -e/,
  )
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const github = parse(await text(cwd, '.github/workflows/cio-audit.yml')) as {
    jobs: { audit: { steps: { run?: string }[] } }
  }
  const commands = github.jobs.audit.steps.flatMap(({ run }) => run ?? [])
  expect(commands[0]).toBe(`npm install --no-save --no-package-lock cio-audit@${version}`)
  expect(commands[1]).toMatch(/^npx --no-install cio-audit run --out cio-audit-report /)
  const gitlab = parse(await text(cwd, '.gitlab/cio-audit.yml')) as { 'cio-audit': { script: string[] } }
  expect(gitlab['cio-audit'].script).toEqual(commands)
  expect(await text(cwd, 'cio-audit.cron')).toContain(` cd ${cwd} && CI=1 npx --no-install cio-audit run `)
})

test.each([
  [['--country', 'de'], /✖ --country is not what it may be\.\n.*two capital letters/],
  [['--canonical-id', '('], /✖ --canonical-id is not what it may be/],
  [
    ['--notify', 'https://hooks.example/canary'],
    /✖ --notify is not what it may be\.\n.*environment variable/,
  ],
  [['--event', 'basket=x'], /✖ --event basket=x names no event of an intent/],
  [['--event', 'purchas=x'], /did you mean purchase\?/],
  [['--event', 'cart'], /Write it like --event cart=cart_updated/],
  [['--ci', 'jenkins'], /--ci/],
])('%s is 2, and nothing is written', async (args, message) => {
  const cwd = await folder()
  const { code, stderr } = await runCli(['init', '--yes', ...args], { cwd })
  expect(stderr).toMatch(message)
  expect(stderr).not.toContain('canary')
  expect(code).toBe(2)
  expect(await readdir(cwd)).toEqual([])
})

test('a place that takes no folder is 2, in one sentence', async () => {
  const cwd = await folder()
  await mkdir(join(cwd, '.github'))
  await writeFile(join(cwd, '.github', 'workflows'), 'a file')
  const { code, stderr } = await runCli(['init', '--yes', '--ci', 'github'], { cwd })
  expect(stderr).toMatch(/✖ The folder of \.github\/workflows\/cio-audit\.yml could not be made/)
  expect(code).toBe(2)
})

test('a file that cannot be written is 2, with advice that the command can follow', async () => {
  const cwd = await folder()
  await mkdir(join(cwd, 'tracking-plan.yaml', 'full'), { recursive: true })
  const { code, stderr } = await runCli(['init', '--yes', '--force'], { cwd })
  expect(stderr).toMatch(/✖ tracking-plan\.yaml could not be written \(E\w+\)\.\n {2}→ Go to a folder/)
  expect(code).toBe(2)
  expect((await readdir(cwd)).toSorted()).toEqual(both)
})

/** On a pseudo-terminal: each answer is typed when its question stands. */
async function onTerminal(cwd: string, turns: readonly (readonly [question: string, answer: string])[]) {
  const command = `stty cols 100 rows 40; ${process.execPath} ${binary} init --no-color`
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TERM: 'xterm' },
  })
  let heard = ''
  let [turn, from] = [0, 0]
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    heard += chunk
    const [question, answer] = turns[turn] ?? []
    if (question === undefined || !heard.slice(from).includes(question)) return
    from = heard.length
    turn += 1
    child.stdin.write(answer ?? '')
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, heard, turn }
}

test.runIf(process.platform === 'linux')(
  'on a terminal it asks, and takes Enter for what stands there',
  async () => {
    const cwd = await folder()
    const { code, heard, turn } = await onTerminal(cwd, [
      ['called in reports?', 'Shop of the test\r'],
      ['What do the ids', '\r'],
      ['login or signup?', '\r'],
      ['Which country', 'xx\r'],
      ['two capital letters', '\u007f\u007fFR\r'],
      ['push permission?', '\r'],
      ['Slack webhook', 'HOOK_OF_TEST\r'],
      ['example job for?', ' \r'],
    ])
    expect(heard).toMatch(/Written: cio-audit\.yaml/)
    expect(turn).toBe(8)
    expect(code).toBe(0)
    const { settings } = await load(cwd)
    expect(settings).toMatchObject({
      workspace: { name: 'Shop of the test' },
      identity: { canonicalId: 'auto', authEvents: ['login', 'signup'], defaultCountry: 'FR' },
      push: { optInAttribute: 'push_opt_in' },
      notify: {
        urlFrom: 'HOOK_OF_TEST',
        link: '${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}',
      },
    })
    expect(await readdir(join(cwd, '.github', 'workflows'))).toEqual(['cio-audit.yml'])
  },
)

test.runIf(process.platform === 'linux')('Ctrl-C at a question writes nothing: 130', async () => {
  const cwd = await folder()
  const { code, heard } = await onTerminal(cwd, [['called in reports?', '\u0003']])
  expect(heard).toMatch(/Interrupted; nothing was written\./)
  expect(code).toBe(130)
  expect(await readdir(cwd)).toEqual([])
})
