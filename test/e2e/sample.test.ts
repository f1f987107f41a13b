import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSimulator } from '../../src/simulator/index.ts'
import { envOf, runCli, tempFolder } from '../support/cli.ts'

test('run --sample says in every report of how many people it is, and so does the snapshot later', async () => {
  const cwd = await tempFolder(onTestFinished)
  const simulator = await startSimulator({ people: 500, seed: 4, variant: 'broken', now: new Date() })
  onTestFinished(() => simulator.close())
  const env = envOf(simulator)
  const formats = ['table', 'json', 'html', 'markdown'].flatMap((format) => ['--format', format])
  const { code, stdout, stderr } = await runCli(['run', '--sample', '120:5', '--out', 'audit', ...formats], {
    cwd,
    env,
  })
  expect({ code, stderr: code === 1 ? '' : stderr }).toEqual({ code: 1, stderr: '' })
  const of = simulator.facts.length > 0 ? Number(/120 of (\d+) people/.exec(stdout)?.[1]) : 0
  expect(of).toBeGreaterThanOrEqual(500)
  const sentence = `A sample: 120 of ${of} people were drawn (seed 5), and all counts are of these.`
  const plain = (text: string): string => text.replaceAll(/\s+/g, ' ')
  expect(plain(stdout)).toContain(sentence)
  for (const file of ['report.html', 'report.md'])
    expect(plain(await readFile(join(cwd, 'audit', file), 'utf8'))).toContain(sentence)
  const { run } = JSON.parse(await readFile(join(cwd, 'audit', 'report.json'), 'utf8')) as {
    run: { sample: unknown }
  }
  expect(run.sample).toEqual({ people: 120, of, seed: 5 })
  expect(stderr).toContain('attributes 120 of 120')

  const later = await runCli(['run', '--offline'], { cwd, env: {} })
  expect(plain(later.stdout)).toContain(sentence)
})

test('a pull with --sample is judged as one, and a bare pull after it reads everybody', async () => {
  const cwd = await tempFolder(onTestFinished)
  const simulator = await startSimulator({ people: 80, seed: 4, variant: 'sterile', now: new Date() })
  onTestFinished(() => simulator.close())
  const env = envOf(simulator)
  expect((await runCli(['pull', '--sample', '20'], { cwd, env })).code).toBe(0)
  const sampled = await runCli(['run', '--offline', '--json'], { cwd, env: {} })
  expect(JSON.parse(sampled.stdout)).toMatchObject({
    run: { sample: { people: 20, of: 80, seed: 1 } },
    totals: { profiles: 20 },
    verdict: { decision: 'inconclusive' },
  })
  expect(sampled.code).toBe(3)
  expect((await runCli(['pull'], { cwd, env })).code).toBe(0)
  const whole = await runCli(['run', '--offline', '--json'], { cwd, env: {} })
  expect(JSON.parse(whole.stdout)).toMatchObject({ run: { sample: null }, totals: { profiles: 80 } })
})

test.each([
  [['--sample', '0'], 'is no whole number of people above 0'],
  [['--sample', 'some'], 'is no whole number of people above 0'],
  [['--sample', '20:x'], 'is no whole number of people above 0'],
  [['--sample', '20', '--offline'], 'draws people of a workspace that is read over the API'],
  [['--sample', '20', '--source', 'files'], 'draws people of a workspace that is read over the API'],
  [
    ['--sample', '20', '--source', 'api', '--source', 'files'],
    'draws people of a workspace that is read over the API',
  ],
])('run %s is refused before anything is asked', async (args, words) => {
  const cwd = await tempFolder(onTestFinished)
  const { code, stdout, stderr } = await runCli(['run', ...args], { cwd, env: { CIO_APP_API_KEY: 'k' } })
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(words)
})
