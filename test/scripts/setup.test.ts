import { spawnSync } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const script = join(import.meta.dirname, '../../scripts/setup.mjs')
let folder = ''
const at = (path: string) => join(folder, path)
const lockfile = (version: string) =>
  JSON.stringify({
    packages: {
      '': { name: 'x' },
      'node_modules/zod': { version },
      'node_modules/other-machine': { version: '1.0.0', optional: true },
    },
  })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-setup-'))
  await mkdir(at('scripts'))
  await cp(script, at('scripts/setup.mjs'))
  await writeFile(at('package-lock.json'), lockfile('4.0.0'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The packages as an `npm install` by hand leaves them. */
async function installed(version: string): Promise<void> {
  await mkdir(at('node_modules/node/bin'), { recursive: true })
  await symlink(process.execPath, at('node_modules/node/bin/node'))
  await writeFile(
    at('node_modules/.package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/zod': { version } } }),
  )
}

/** A program in npm's place that writes down how it was called, and does what `body` says. */
async function npm(body: string): Promise<void> {
  await mkdir(at('bin'), { recursive: true })
  await writeFile(at('bin/npm'), `#!/bin/sh\necho "$1 $2" >> "${at('calls')}"\n${body}\n`)
  await chmod(at('bin/npm'), 0o755)
}

function setup(): { code: number | null; told: string } {
  // The folder of installed programs comes first, as under `npm run`; nothing may be taken from there.
  const path = [at('node_modules/.bin'), at('bin'), '/usr/bin', '/bin'].join(delimiter)
  const run = spawnSync(process.execPath, [at('scripts/setup.mjs')], {
    env: { PATH: path },
    encoding: 'utf8',
  })
  expect(run.stdout).toBe('')
  return { code: run.status, told: run.stderr }
}

const calls = () => readFile(at('calls'), 'utf8').catch(() => '')
const stamp = () => readFile(at('node_modules/.cio-audit-setup'), 'utf8').catch(() => null)

test('what was installed by hand is enough, and nothing is done twice', async () => {
  await npm('exit 9')
  await installed('4.0.0')
  expect(setup()).toEqual({ code: 0, told: '' })
  expect(await stamp()).toContain(process.platform)
  await rm(at('node_modules/.package-lock.json'))
  expect(setup()).toEqual({ code: 0, told: '' })
  expect(await calls()).toBe('')
})

test('another version in the lockfile is installed, once', async () => {
  await npm('exit 0')
  await installed('3.0.0')
  expect(setup().code).toBe(0)
  expect(setup()).toEqual({ code: 0, told: '' })
  expect(await calls()).toBe('ci --no-audit\n')
  await writeFile(at('package-lock.json'), lockfile('5.0.0'))
  expect(setup().code).toBe(0)
  expect(await calls()).toBe('ci --no-audit\nci --no-audit\n')
})

test('a lockfile without the builds for other machines is no reason to give up', async () => {
  await npm('if [ "$1" = ci ]; then echo "npm error code EUSAGE" >&2; exit 1; fi')
  await installed('3.0.0')
  const { code, told } = setup()
  expect(code).toBe(0)
  expect(told).not.toContain('EUSAGE')
  expect(await calls()).toBe('ci --no-audit\ninstall --no-save\n')
})

test('a machine without network is told what to do, and the next run tries again', async () => {
  await npm('echo "npm error code ENOTFOUND" >&2; exit 1')
  const { code, told } = setup()
  expect(code).toBe(1)
  expect(told).toContain('npm error code ENOTFOUND')
  expect(told).toContain('The packages could not be installed: npm ended with code 1')
  expect(told).toContain('then run the same command again')
  expect(told).not.toMatch(/\n\s+at /)
  expect(await stamp()).toBeNull()
})

test('a Node that npm held back is built after all', async () => {
  await npm(
    `if [ "$1" = rebuild ]; then mkdir -p "${at('node_modules/node/bin')}"; ln -s "${process.execPath}" "${at('node_modules/node/bin/node')}"; else mkdir -p "${at('node_modules')}"; fi`,
  )
  expect(setup().code).toBe(0)
  expect(await calls()).toBe('ci --no-audit\nrebuild node\n')
  expect(await stamp()).not.toBeNull()
})
