import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { ciJobs } from '../../src/cli/ci-jobs.ts'
import { reportFlags } from '../../src/cli/flags.ts'
import { everyone } from '../../src/customerio/wire/person.ts'
import { startSimulator, type Simulator } from '../../src/simulator/index.ts'
import { allFiles, attestations, envOf, tempFolder } from '../support/cli.ts'
import { readAction, runStep, type Action, type ActionStep } from '../support/runner.ts'

const root = new URL('../../', import.meta.url)
const known: readonly string[] = reportFlags.format.options ?? []
const action: Action = await readAction()
const { steps } = action.runs
const named = (name: string): ActionStep => {
  const step = steps.find((one) => one.name === name)
  if (step === undefined) throw new Error(`There is no step "${name}".`)
  return step
}
const audit = named('Audit')

describe('the action as it is written', () => {
  test('says of each step that runs a script with which shell, and puts no expression into a script', () => {
    expect(action.runs.using).toBe('composite')
    const scripts = steps.filter(({ run }) => run !== undefined)
    expect(scripts.map(({ name }) => name)).toEqual(['Install cio-audit', 'Audit'])
    for (const { shell, run } of scripts) {
      expect(shell).toBe('bash')
      expect(run).not.toContain('${{')
    }
    for (const { description } of Object.values(action.inputs)) expect(description).toMatch(/\.$/)
  })

  test('names no key, and installs the version of this package', async () => {
    const text = await readFile(new URL('action.yml', root), 'utf8')
    expect(text.replaceAll(/^\s*#.*$/gm, '')).not.toMatch(/CIO_|secrets\./)
    const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as {
      version: string
    }
    expect(action.inputs['version']?.default).toBe(version)
  })

  test('uploads and keeps the history after a NO-GO, and nothing when the audit did not begin', () => {
    expect(named('Upload the report').if).toBe(
      "always() && inputs.artifact != '' && steps.audit.outputs.audited == 'true'",
    )
    expect(named('Upload the report').with?.['path']).toBe(
      '${{ inputs.working-directory }}/${{ inputs.out }}',
    )
    expect(named('Keep the history for later jobs').if).toMatch(/^always\(\) && .*audited == 'true'$/)
    // The snapshot and the key of the masks lie in the same folder and stay on the machine.
    for (const { uses, with: given } of steps.filter(({ uses: one }) => one?.startsWith('actions/cache')))
      expect(`${uses} ${given?.['path']}`).toMatch(
        / \$\{\{ inputs\.working-directory \}\}\/\.cio-audit\/history\.duckdb$/,
      )
  })

  test('has outputs that the audit writes', () => {
    for (const [name, { value }] of Object.entries(action.outputs))
      expect(value).toBe(`\${{ steps.audit.outputs.${name} }}`)
  })
})

test('the install step asks npm for the pinned version, or for what is given instead', async () => {
  const folder = await tempFolder(onTestFinished)
  const cwd = join(folder, 'work')
  await mkdir(cwd)
  // Stands in for npm and says what it was asked.
  await writeFile(join(folder, 'npm'), '#!/bin/sh\nfor one in "$@"; do echo "[$one]"; done\n')
  await chmod(join(folder, 'npm'), 0o755)
  const step = named('Install cio-audit')
  const pinned = await runStep(action, step, { cwd, path: folder })
  expect(pinned.stdout).toMatch(/\[--\]\n\[cio-audit@\d+\.\d+\.\d+\]\n$/)
  expect(pinned.stdout).toContain(`[--prefix]\n[${join(folder, 'runner', 'cio-audit')}]`)
  const own = await runStep(action, step, {
    cwd,
    path: folder,
    inputs: { package: './cio audit.tgz; echo hacked', version: '9.9.9' },
  })
  expect(own.stdout).toMatch(/\[--\]\n\[\.\/cio audit\.tgz; echo hacked\]\n$/)
})

/** Whom the shop knows, as the people search names them. */
async function addressesOf({ appUrl, appKey }: Simulator): Promise<string[]> {
  const answer = await fetch(`${appUrl}/v1/customers?limit=1000`, {
    method: 'POST',
    headers: { authorization: `Bearer ${appKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(everyone),
  })
  const { identifiers } = (await answer.json()) as { identifiers: { email: string | null }[] }
  return identifiers.flatMap(({ email }) => (email?.includes('@') ? [email] : []))
}

describe('the audit step against a simulated Customer.io', () => {
  let [broken, sound] = [] as unknown as [Simulator, Simulator]
  beforeAll(async () => {
    broken = await startSimulator({ people: 60, seed: 5, variant: 'broken', now: new Date() })
    sound = await startSimulator({ people: 900, seed: 7, variant: 'healthy', now: new Date() })
  })
  afterAll(async () => {
    await broken.close()
    await sound.close()
  })
  const formats = (action.inputs['formats']?.default ?? '')
    .split(' ')
    .filter((one) => known.includes(one))
    .join(' ')
  const work = async (): Promise<string> => {
    const cwd = join(await tempFolder(onTestFinished), 'work')
    await mkdir(cwd)
    return cwd
  }

  test('a NO-GO is passed on as it is, with a report that names nobody', async () => {
    const cwd = await work()
    const { code, outputs, stdout, stderr } = await runStep(action, audit, {
      cwd,
      inputs: { formats, args: '--verbose\n\n--skip-rule\nevents/noisy' },
      env: envOf(broken),
    })
    expect(code).toBe(1)
    expect(Object.fromEntries(outputs)).toEqual({ audited: 'true', 'exit-code': '1', verdict: 'no-go' })
    expect(stdout).toMatch(/NO-GO/)
    const report = await allFiles(join(cwd, 'cio-audit-report'))
    expect([...report.keys()]).toEqual(expect.arrayContaining(['report.json', 'findings.csv', 'report.txt']))
    const addresses = await addressesOf(broken)
    expect(addresses.length).toBeGreaterThan(20)
    for (const address of addresses) {
      expect(stdout + stderr).not.toContain(address)
      for (const [path, bytes] of report) expect(bytes.includes(address), `an address in ${path}`).toBe(false)
    }
  })

  test('a GO is 0; --fail-on never is 0 and still says the verdict', async () => {
    const cwd = await work()
    await mkdir(join(cwd, 'audit'))
    await writeFile(join(cwd, 'audit', 'cio-audit.yaml'), attestations(sound))
    const go = await runStep(action, audit, {
      cwd,
      inputs: { formats: 'json', 'working-directory': 'audit', out: 'the report' },
      env: envOf(sound),
    })
    expect(Object.fromEntries(go.outputs)).toEqual({ audited: 'true', 'exit-code': '0', verdict: 'go' })
    expect(go.code).toBe(0)
    expect(await readdir(join(cwd, 'audit', 'the report'))).toContain('report.json')
    const never = await runStep(action, audit, {
      cwd,
      inputs: { formats: 'json', 'fail-on': 'never' },
      env: envOf(broken),
    })
    expect(never.code).toBe(0)
    expect(never.outputs.get('verdict')).toBe('no-go')
  })

  test('without a verdict there is none, and the code says why', async () => {
    const none = await runStep(action, audit, { cwd: await work(), inputs: { formats: 'json' } })
    expect(none.code).toBe(2)
    expect(none.stderr).toMatch(/CIO_APP_API_KEY is not set/)
    expect(Object.fromEntries(none.outputs)).toEqual({ audited: 'true', 'exit-code': '2' })
  })

  test('--reveal contradicts an artefact; without one it is allowed', async () => {
    const inputs = { formats: 'json', args: '--reveal' }
    const refused = await runStep(action, audit, { cwd: await work(), inputs, env: envOf(broken) })
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(/--redact/)
    const kept = await runStep(action, audit, {
      cwd: await work(),
      inputs: { ...inputs, artifact: '' },
      env: envOf(broken),
    })
    expect(kept.code).toBe(1)
  })

  test.each(['.', 'full', 'a-file'])(
    'a folder that holds something (%s) is refused and not uploaded',
    async (out) => {
      const cwd = await work()
      await mkdir(join(cwd, 'full'))
      await writeFile(join(cwd, 'full', '.env'), 'CIO_APP_API_KEY=x\n')
      await writeFile(join(cwd, 'a-file'), 'x')
      const { code, stdout, outputs } = await runStep(action, audit, {
        cwd,
        inputs: { out },
        env: envOf(broken),
      })
      expect(code).toBe(2)
      expect(stdout).toMatch(/^::error title=cio-audit::/)
      expect(outputs.get('audited')).toBeUndefined()
    },
  )

  test('inputs are words and no script', async () => {
    const cwd = await work()
    const bait = '$(touch hacked); `touch hacked`; touch hacked'
    const { code } = await runStep(action, audit, {
      cwd,
      inputs: { out: bait, args: `--journey\n${bait}`, formats: 'json *' },
      env: envOf(broken),
    })
    expect(code).toBe(2)
    expect(await readdir(cwd)).not.toContain('hacked')
  })
})

test('docs/ci.md shows the jobs that init writes, and every input and output of the action', async () => {
  const page = await readFile(new URL('docs/ci.md', root), 'utf8')
  const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { version: string }
  for (const { text } of Object.values(ciJobs))
    expect(page).toContain(text({ version, cwd: '/srv/cio-audit' }))
  for (const [name, input] of Object.entries(action.inputs))
    expect(page).toContain(
      `| \`${name}\` | ${input.description} | ${input.default === '' ? '' : `\`${input.default}\``} |`,
    )
  for (const [name, { description }] of Object.entries(action.outputs))
    expect(page).toContain(`| \`${name}\` | ${description} |`)
})

// The page and the annotations come last; from then on all that the jobs ask for must be there.
test.runIf(known.includes('html') && known.includes('github'))(
  'every format that the jobs ask for is one',
  () => {
    const asked = [...ciJobs.github.text({ version: '0.0.0', cwd: '/' }).matchAll(/--format (\w+)/g)].map(
      ([, one]) => one,
    )
    expect(asked).toEqual((action.inputs['formats']?.default ?? '').split(' '))
    for (const format of asked) expect(known).toContain(format)
  },
)

test('the job for cron goes to its folder, whatever it is called', () => {
  const line = ciJobs.cron.text({ version: '0.1.0', cwd: "/srv/it's 100%/x" })
  expect(line).toContain(String.raw`cd '/srv/it'\''s 100\%/x' && CI=1 npx`)
  // Where no format is named, or table is, the log gets the whole report.
  expect([...line.matchAll(/--format (\w+)/g)].map(([, format]) => format)).toEqual(['json', 'csv', 'html'])
})

test('the examples are YAML with what the platforms want', () => {
  const facts = { version: '0.1.0', cwd: '/' }
  const github = parse(ciJobs.github.text(facts)) as {
    permissions: unknown
    jobs: { audit: { steps: unknown[] } }
  }
  expect(github.permissions).toEqual({ contents: 'read' })
  expect(github.jobs.audit.steps).toHaveLength(7)
  const gitlab = parse(ciJobs.gitlab.text(facts)) as Record<string, { artifacts: { when: string } }>
  expect(gitlab['cio-audit']?.artifacts.when).toBe('always')
})
