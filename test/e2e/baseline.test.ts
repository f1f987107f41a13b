import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCli, tempFolder } from '../support/cli.ts'

const id = 'identity/duplicate-email'
const env = { CIO_AUDIT_REDACT_KEY: 'shared-key-of-the-jobs' }

interface Told {
  readonly verdict: { readonly decision: string; readonly reason: string }
  readonly rules: readonly {
    readonly rule: string
    readonly status: string
    readonly findings: {
      readonly listed: readonly { readonly fingerprint: string; readonly state: string }[]
    }
  }[]
  readonly notices: readonly string[]
}

/** Forty people; those named have a second profile under the same address. */
function people(twice: readonly number[]): string {
  const rows = Array.from({ length: 40 }, (_, n) => `c${n},u-${n},p${n}@shop.test,1700000000`)
  const copies = twice.map((n) => `d${n},,p${n}@shop.test,1700000000`)
  return ['cio_id,id,email,created_at', ...rows, ...copies, ''].join('\n')
}

/** A folder with an export that changes from day to day, and the runs over it. */
async function workshop() {
  const cwd = await tempFolder(onTestFinished)
  await mkdir(join(cwd, 'export'))
  const args = ['--source', 'export', '--rule', id]
  const at = (day: number) => ['--as-of', `2026-11-${day}T12:00:00Z`]
  const set = (...twice: number[]) => writeFile(join(cwd, 'export', 'people.csv'), people(twice))
  const run = async (day: number, ...more: string[]) => {
    const result = await runCli(['run', ...args, ...at(day), '--json', ...more], { cwd, env })
    const report = JSON.parse(result.stdout) as Told
    const rule = report.rules.find((line) => line.rule === id)
    const states = rule?.findings.listed.map(({ state }) => state).toSorted()
    return { ...result, report, states, status: rule?.status }
  }
  const accept = (day: number, ...more: string[]) =>
    runCli(['baseline', ...args, ...at(day), ...more], { cwd, env })
  const known = async () => {
    const file = JSON.parse(await readFile(join(cwd, 'cio-audit.baseline.json'), 'utf8')) as {
      rules: Record<string, { fingerprints: string[] }>
    }
    return file.rules[id]?.fingerprints.length ?? 0
  }
  return { cwd, set, run, accept, known }
}

test('accept, mend, and have it back: what is known, gone and new', { timeout: 240_000 }, async () => {
  const { cwd, set, run, accept, known } = await workshop()
  await set(1, 2, 3)
  const first = await run(10)
  expect([first.status, first.states]).toEqual(['fail', ['new', 'new', 'new']])
  const accepted = await accept(10)
  expect(accepted).toMatchObject({ code: 0 })
  expect(accepted.stdout).toMatch(
    /^Known from now on: 3 findings, as of 2026-11-10 12:00 UTC\n +3 identity\/duplicate-email \(error\)\n/,
  )

  const quiet = await run(11)
  expect([quiet.status, quiet.states]).toEqual(['pass', ['known', 'known', 'known']])
  expect(quiet.report.verdict.reason).toMatch(/; findings: 0 new, 3 known, 0 waived$/)
  expect(quiet.report.notices).toEqual([])

  // One is mended: it is named, and remembered although the file still lists it.
  await set(2, 3)
  const mended = await run(12)
  expect(mended.states).toEqual(['known', 'known'])
  const told =
    /^Of the baseline, 1 finding is mended: identity\/duplicate-email \([0-9a-f]{32}\); `cio-audit baseline` takes them out of the file\.$/
  expect(mended.report.notices).toEqual([expect.stringMatching(told)])
  expect((await run(13)).report.notices).toEqual([expect.stringMatching(told)])

  // It comes back: new, and so is one that nobody knew; enough of them fail the rule.
  await set(1, 2, 3, 4)
  const back = await run(14)
  expect([back.status, back.states]).toEqual(['fail', ['known', 'known', 'new', 'new']])
  expect(back.report.notices).toEqual([
    expect.stringMatching(
      /^Of the baseline, 1 finding was mended once and is back, so it counts as new: [0-9a-f]{32}\.$/,
    ),
  ])
  // The same inputs give the same bytes, also those of the run that came before anything was mended.
  expect((await run(14)).stdout).toBe(back.stdout)
  await set(1, 2, 3)
  expect((await run(11)).stdout).toBe(quiet.stdout)

  // Accepted anew it is known again; what is gone by then leaves the file.
  await set(1, 4)
  expect((await accept(15)).stdout).toMatch(/2 findings of the file before taken out: no longer there\./)
  expect(await known()).toBe(2)
  expect((await run(16)).states).toEqual(['known', 'known'])

  // A history that cannot be read is told, and decides nothing.
  await writeFile(join(cwd, '.cio-audit', 'history.duckdb'), Buffer.alloc(20_000, 7))
  const blind = await run(16)
  expect([blind.code, blind.states]).toEqual([3, ['known', 'known']])
  expect(blind.stderr.match(/^! The history .* is left out: it is damaged/gm)).toHaveLength(1)
})

test('what saw less cannot say that something is mended', { timeout: 120_000 }, async () => {
  const { cwd, set, run, accept } = await workshop()
  await set(1, 2, 3)
  await accept(10)
  await set()
  expect((await run(11, '--since', '2026-11-09')).report.notices).toEqual([])
  await writeFile(join(cwd, 'cio-audit.yaml'), 'identity: { maxShare: 4 }\n')
  expect((await run(12)).report.notices).toEqual([])
  await writeFile(join(cwd, 'cio-audit.yaml'), `rules: { ${id}: { maxCount: 0 } }\n`)
  expect((await run(12)).report.notices).toHaveLength(1)
  await writeFile(join(cwd, 'cio-audit.yaml'), 'workspace: { id: 7 }\n')
  expect((await run(13)).report.notices).toEqual([
    'The baseline is of a workspace without id, so it was left aside.',
  ])
})

test(
  'no rule without a judgement is taken for known, and what was known of it stays',
  { timeout: 120_000 },
  async () => {
    const { cwd, set, accept, known } = await workshop()
    await set(1, 2, 3)
    await accept(10)
    // Too few people to judge a rate: inconclusive.
    const few = people([1, 5])
      .split('\n')
      .filter((line) => /^(cio_id|[cd][1-9],)/.test(line))
    await writeFile(join(cwd, 'export', 'people.csv'), `${few.join('\n')}\n`)
    const { stdout, code } = await accept(11)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Known from now on: 0 findings/)
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /duplicate-email could not be judged \(only \d+ records.*\): 2 findings not accepted, 3 of the file before kept\./,
    )
    expect(await known()).toBe(3)
  },
)

test(
  'waived findings are not swallowed, and a row of findings.csv waives itself and nothing else',
  { timeout: 120_000 },
  async () => {
    const { cwd, set, run, accept, known } = await workshop()
    await set(1, 2, 3)
    await run(10, '--out', 'audit')
    const [header = '', first = ''] = (await readFile(join(cwd, 'audit', 'findings.csv'), 'utf8')).split('\n')
    await writeFile(
      join(cwd, 'waivers.csv'),
      `${header},reason,expires\n${first},a test account,2026-11-20\n`,
    )
    const waived = await run(11)
    expect(waived.states).toEqual(['new', 'new', 'waived'])
    expect(
      waived.report.rules
        .find(({ rule }) => rule === id)
        ?.findings.listed.find(({ state }) => state === 'waived')?.fingerprint,
    ).toBe(first.split(',')[0])
    expect(waived.report.verdict.reason).toMatch(/; findings: 2 new, 0 known, 1 waived$/)
    expect((await accept(11)).stdout).toMatch(/1 waived finding left out/)
    expect(await known()).toBe(2)
    const late = await run(21)
    expect(late.states).toEqual(['known', 'known', 'new'])
    expect(late.report.notices).toEqual([
      expect.stringMatching(/^waivers\.csv:2: the waiver of .* expired on 2026-11-20\.$/),
    ])
  },
)

test(
  'it asks nothing of Customer.io, and mends a file that cannot be read',
  { timeout: 120_000 },
  async () => {
    const { cwd, set, accept, known } = await workshop()
    await set(1, 2, 3)
    expect(await runCli(['baseline', '--source', 'api'], { cwd })).toMatchObject({ code: 2 })
    expect(await runCli(['baseline'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no finished snapshot/),
    })
    await writeFile(join(cwd, 'cio-audit.baseline.json'), '{ broken')
    const { code, stderr } = await accept(10)
    expect([code, await known()]).toEqual([0, 3])
    expect(stderr).toMatch(/is no valid JSON\. It is written anew\./)
  },
)
