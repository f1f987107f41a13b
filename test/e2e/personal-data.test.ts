import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TrackClient } from 'customerio-node'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startSimulator, type Simulator } from '../../src/simulator/index.ts'
import { allFiles, envOf, runCli, tempFolder } from '../support/cli.ts'

/** Nobody's: what a person gave the shop, in every place where a report could repeat it. */
const canary = {
  emails: ['zanzaluna.quibberly@canary-mail.example.org', 'otto.wunderlich@canary-mail.example.org'],
  phones: ['+4915112345678', '+4915187654321'],
  names: ['Zanzaluna', 'Quibberly'],
  street: 'Wurzelgasse 77b',
  tokens: ['c'.repeat(31) + '9'.repeat(33), 'dYx2Canary:APA91b' + 'Zq7'.repeat(40)],
}
const canaries = [...canary.emails, ...canary.phones, ...canary.names, canary.street, ...canary.tokens]

let shop: Simulator
beforeAll(async () => {
  shop = await startSimulator({ people: 120, seed: 8, variant: 'broken', now: new Date() })
  const track = new TrackClient(shop.siteId, shop.trackKey, { url: `${shop.trackUrl}/api/v1` })
  const now = Math.floor(Date.now() / 1000)
  // Twins by e-mail and by phone, one device with two of them, and values of the wrong kind in the wrong place.
  for (let n = 0; n < 40; n += 1) {
    const id = `canary-${n}`
    const email = canary.emails[n % 2] ?? ''
    await track.identify(id, {
      email: n === 3 ? email.toUpperCase() : email,
      phone: canary.phones[n % 2] ?? '',
      first_name: canary.names[0] ?? '',
      last_name: canary.names[1] ?? '',
      street: canary.street,
      country: email,
      favourite_contact: email,
      push_opt_in: true,
      created_at: now - 86_400 * 3,
    })
    if (n < 6) {
      await track.addDevice(id, canary.tokens[n % 2] ?? '', n % 2 === 0 ? 'ios' : 'android', {
        last_used: now - 60,
      })
    }
    for (const name of ['cart_updated', 'gift_sent']) {
      await track.track(id, {
        name,
        data: {
          items: email,
          cart_value: canary.phones[n % 2],
          // Of the wrong type, and so long that its address lies across the cut.
          currency: { first_name: canary.names[0], filler: 'x'.repeat(135), email },
          email,
          recipient_phone: canary.phones[n % 2],
          recipient: { first_name: canary.names[0], email },
          note: `For ${email}, call ${canary.phones[n % 2] ?? ''}`,
        },
        timestamp: now - 600 - n,
      })
    }
  }
})
afterAll(() => shop.close())

const trackEnv = () => ({
  CIO_TRACK_API_URL: shop.trackUrl,
  CIO_SITE_ID: shop.siteId,
  CIO_TRACK_API_KEY: shop.trackKey,
})

test('in CI no output of any command shows what is personal', { timeout: 600_000 }, async () => {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (chunk: string) => bodies.push(chunk))
    request.on('end', () => response.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const cwd = await tempFolder(onTestFinished)
  const env = {
    ...envOf(shop),
    ...trackEnv(),
    CI: 'true',
    GITHUB_STEP_SUMMARY: join(cwd, 'step.md'),
    HOOK: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`,
  }
  await writeFile(join(cwd, 'step.md'), '')
  await writeFile(
    join(cwd, 'orders.csv'),
    `order_id,ordered_at,customer_id,email,total,currency\nO-1,${new Date(Date.now() - 86_400_000).toISOString()},canary-1,${canary.emails[1]},10.00,EUR\n`,
  )
  const shown: [what: string, text: string][] = []
  const call = async (...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await runCli([...args], { cwd, env })
    const told = args.map((arg) => (canaries.includes(arg) ? '…' : arg)).join(' ')
    if (![0, 1, 3].includes(code ?? -1)) throw new Error(`${told}: ${code} ${stderr}`)
    shown.push([`${told} (stdout)`, stdout], [`${told} (stderr)`, stderr])
  }
  const all = ['table', 'json', 'csv', 'html', 'markdown', 'junit', 'sarif', 'github'].flatMap((format) => [
    '--format',
    format,
  ])
  const config = 'notify: { urlFrom: HOOK, on: [no-go, inconclusive, go] }\n'
  await call('init', '--ci', 'github')
  const written = await readFile(join(cwd, 'cio-audit.yaml'), 'utf8')
  await writeFile(join(cwd, 'cio-audit.yaml'), `${written}\n${config}`)
  await call('doctor', '--verbose')
  await call('pull', '--verbose')
  await call('run', '--verbose', '--out', 'report', '--orders', 'orders.csv', ...all)
  for (const format of ['table', 'json', 'github']) await call('run', '--offline', '--format', format)
  await call('run', '--offline', '--journey', 'Cart recovery')
  await call('run', '--sample', '60', '--state-dir', 'sampled', '--out', 'sampled-report')
  for (const who of ['canary-1', canary.emails[0] ?? '', canary.phones[1] ?? '']) {
    await call('check', 'person', who)
  }
  await call('check', 'person', canary.emails[1] ?? '', '--offline', '--json')
  await call('baseline')
  await call('run', '--offline', '--as-of', new Date(Date.now() + 60_000).toISOString())
  await call('compare', 'previous', 'latest')
  await call('compare', 'previous', 'latest', '--json')
  await call('plan', 'infer', '--out', 'inferred.yaml')
  await call('plan', 'check', 'inferred.yaml')
  await call('plan', 'diff', 'tracking-plan.yaml', 'inferred.yaml')
  await call('plan', 'export', '--plan', 'inferred.yaml')
  await call('rules')
  await call('rules', 'explain', 'identity/duplicate-email')

  const files = await allFiles(cwd)
  // The snapshot and the history stay on the machine; the shop's own orders were ours.
  const handedOn = [...files].filter(
    ([path]) => !path.startsWith('.cio-audit/') && !path.startsWith('sampled/') && path !== 'orders.csv',
  )
  expect(handedOn.map(([path]) => path)).toEqual(
    expect.arrayContaining([
      'report/report.html',
      'report/findings.csv',
      'report/evidence/identity.duplicate-email.csv',
      'report/merge-suggestions.csv',
      'report/report.sarif',
      'cio-audit.baseline.json',
      'inferred.yaml',
      'step.md',
    ]),
  )
  shown.push(
    ...handedOn.map(([path, bytes]): [string, string] => [path, `${path}\n${bytes.toString('utf8')}`]),
  )
  shown.push(['notification', bodies.join('\n')])
  expect(bodies.length).toBeGreaterThan(0)
  const leaks = shown.flatMap(([what, text]) =>
    canaries
      .filter((value) => text.toLowerCase().includes(value.toLowerCase()))
      .map((value) => {
        const at = text.toLowerCase().indexOf(value.toLowerCase())
        return `${what}: ${text.slice(Math.max(0, at - 80), at + 120).replaceAll('\n', ' ')}`
      }),
  )
  expect(leaks).toEqual([])
  // They are there to be found: without the mask the same report shows them.
  const open = await runCli(['run', '--offline', '--reveal', '--out', 'open', ...all], { cwd, env })
  expect([1, 3]).toContain(open.code)
  const opened = [...(await allFiles(join(cwd, 'open')))]
    .map(([, bytes]) => bytes.toString('utf8'))
    .join('\n')
  for (const value of [...canary.emails, ...canary.tokens]) expect(opened).toContain(value)
})
