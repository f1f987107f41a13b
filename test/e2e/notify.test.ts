import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSimulator } from '../../src/simulator/index.ts'
import { allFiles, envOf, runCli, tempFolder } from '../support/cli.ts'

const canary = 'T0CANARY-91ac'

test('a run tells the channel; whatever the channel does, code, report and secrecy stay as they are', async () => {
  const bodies: string[] = []
  let status = 200
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      bodies.push(body)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const shop = await startSimulator({ people: 60, seed: 5, variant: 'broken', now: new Date() })
  onTestFinished(() => shop.close())
  const cwd = await tempFolder(onTestFinished)
  const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${canary}`
  const env = { ...envOf(shop), HOOK: hook, CI_JOB_URL: 'https://ci.example/jobs/7' }
  await writeFile(
    join(cwd, 'cio-audit.yaml'),
    `workspace: { name: Shop of the config }
notify: { urlFrom: HOOK, on: [no-go, inconclusive], link: "\${CI_JOB_URL}" }
rules: { attributes/brittle: { severity: error } }
`,
  )
  const first = await runCli(['run', '--verbose', '--out', 'audit'], { cwd, env })
  expect(first.code).toBe(1)
  expect(bodies).toHaveLength(1)
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
    text: expect.stringMatching(/NO-GO\* Shop of the config: [^]*Failing:[^]*jobs\/7\|The report>/) as string,
  })
  expect(bodies[0]).not.toMatch(/@(?!\\u2060|\u2060)/)

  // A look at a few rules is no run before that of all.
  const source = ['--source', join('.cio-audit', 'snapshot.duckdb')]
  const soon = new Date(Date.now() + 30_000).toISOString()
  const part = await runCli(['run', '--quiet', '--rule', 'identity/*', '--as-of', soon, ...source], {
    cwd,
    env,
  })
  expect(part.code).toBe(1)
  expect(bodies.splice(1)).toEqual([expect.stringContaining('\\nFailing:')])

  status = 500
  // A moment later: the same inputs would be the same run, which is not one before it.
  const later = new Date(Date.now() + 60_000).toISOString()
  const second = await runCli(['run', '--quiet', '--json', '--as-of', later, ...source], { cwd, env })
  expect(second.code).toBe(1)
  expect(second.stderr).toBe(
    '! The notification was not sent: the webhook answered 500. The exit code is that of the verdict.\n',
  )
  expect(bodies).toHaveLength(3)
  expect(bodies[2]).toMatch(/The same \d+ rules failing as on/)

  // "Never touch the network" is meant for this, too.
  const offline = await runCli(['run', '--offline', '--quiet'], { cwd, env })
  expect(offline).toMatchObject({ code: 1, stderr: '' })
  expect(bodies).toHaveLength(3)

  // Nothing is sent to try it.
  const doctor = await runCli(['doctor'], { cwd, env })
  expect(doctor.stdout).toMatch(/✔ The config in cio-audit\.yaml is valid\./)
  expect(doctor.stdout).toMatch(/! The config gives attributes\/brittle the severity error, but the\s+rule/)
  const unset = await runCli(['doctor'], { cwd, env: { ...env, HOOK: `ftp://${canary}` } })
  expect(unset.stdout).toMatch(
    /! The config in .* no message can be sent:\s+HOOK\s+holds\s+no\s+web\s+address\./,
  )
  expect(unset.code).toBe(0)
  expect(bodies).toHaveLength(3)

  for (const { stdout, stderr } of [first, part, second, offline, doctor, unset])
    expect(stdout + stderr).not.toContain(canary)
  for (const [path, bytes] of await allFiles(cwd)) expect(bytes.includes(canary), `in ${path}`).toBe(false)
}, 120_000)
