import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'cio-audit-package-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the packed package runs its demo from an empty folder', { timeout: 300_000 }, () => {
  // The Node that runs the tests is the one that the package asks for; the system's own may be older.
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`,
    CI: '',
  }
  const run = (command: string, args: readonly string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8', env })
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    env,
  })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  run('npm', ['init', '--yes', '--silent'])
  run('npm', ['install', '--silent', '--no-audit', '--no-fund', join(folder, tarball)])

  const { stdout: demo, stderr } = spawnSync(
    'npx',
    '--no-install cio-audit demo --people 500 --quiet --out out --format table --format html'.split(' '),
    { cwd: folder, encoding: 'utf8', env },
  )
  expect(stderr.replaceAll(/^npm warn .*\n/gm, '')).toBe('')
  expect(demo).toMatch(/NO-GO/)
  expect(demo).toMatch(/exit code 1/)
  // The script of the page came along, too.
  expect(readFileSync(join(folder, 'out', 'report.html'), 'utf8')).toContain('class List')
  // Rules, schemas and pages came along; sources and tests did not.
  expect(run('npx', ['--no-install', 'cio-audit', 'rules', 'explain', 'identity/duplicate-email'])).toMatch(
    /maxShare/,
  )
  const installed = join(folder, 'node_modules', 'cio-audit')
  expect(readdirSync(join(installed, 'schema')).toSorted()).toEqual([
    'config.schema.json',
    'report.schema.json',
    'tracking-plan.schema.json',
  ])
  expect(readdirSync(installed)).not.toContain('test')
})
