import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/core/errors.ts'
import { takeLock } from '../../src/snapshot/lock.ts'
import { processBirth } from '../../src/snapshot/process-birth.ts'
import { tempDir } from '../support/temp-dir.ts'

const now = new Date('2026-11-20T12:00:00Z')

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.on('close', resolve))
  return child.pid ?? 0
}

const ownerText = (owner: object): string =>
  JSON.stringify({ host: hostname(), started: now.toISOString(), birth: null, ...owner })

describe('the lock of a state folder', () => {
  test('is held by one, and free again afterwards', async () => {
    const dir = await tempDir()
    const lock = await takeLock(dir, now)
    await expect(takeLock(dir, now)).rejects.toThrow(UsageError)
    await expect(takeLock(dir, now)).rejects.toMatchObject({
      code: 'SNAPSHOT_LOCKED',
      oclif: { exit: 2 },
      message: expect.stringContaining(`process ${process.pid}`),
    })
    await lock.release()
    await (await takeLock(dir, now)).release()
  })

  test('goes with a process that ends without giving it back', async () => {
    const dir = await tempDir()
    const module = JSON.stringify(new URL('../../src/snapshot/lock.ts', import.meta.url).href)
    const script = `import { existsSync } from 'node:fs'
      import { takeLock } from ${module}
      await takeLock(${JSON.stringify(dir)}, new Date())
      process.exit(existsSync(${JSON.stringify(join(dir, 'lock'))}) ? 130 : 1)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script])
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130)
    expect(await readdir(dir)).toEqual([])
  })

  test('of a dead process is taken over', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'lock'), ownerText({ pid: await deadPid() }))
    await takeLock(dir, now)
    expect(JSON.parse(await readFile(join(dir, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  })

  test('of a dead process is taken over by exactly one of many', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'lock'), ownerText({ pid: await deadPid() }))
    const taken = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(dir, now)))
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of taken)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'SNAPSHOT_LOCKED' })
  })

  test('of a process number that has since gone to another program is taken over', async () => {
    const dir = await tempDir()
    expect(await processBirth(process.pid)).not.toBe(null)
    await writeFile(join(dir, 'lock'), ownerText({ pid: process.pid, birth: 'an earlier start/17' }))
    await takeLock(dir, now)
    expect(JSON.parse(await readFile(join(dir, 'lock'), 'utf8'))).toMatchObject({
      birth: await processBirth(process.pid),
    })
  })

  test('of another machine is left alone, and the file is named', async () => {
    const dir = await tempDir()
    await writeFile(join(dir, 'lock'), ownerText({ pid: 1, host: 'elsewhere' }))
    await expect(takeLock(dir, now)).rejects.toMatchObject({
      message: expect.stringContaining('process 1 on elsewhere'),
      suggestions: [expect.stringContaining(join(dir, 'lock'))],
    })
  })

  test('whose owner died before writing it is taken over, and a left takeover does not stand in the way', async () => {
    const dir = await tempDir()
    const long = new Date(Date.now() - 60_000)
    for (const name of ['lock', 'lock.takeover']) {
      await writeFile(join(dir, name), '')
      await utimes(join(dir, name), long, long)
    }
    await takeLock(dir, now)
    await expect(stat(join(dir, 'lock.takeover'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('that cannot be taken at all is given up on', { timeout: 20_000 }, async () => {
    const dir = await tempDir()
    await mkdir(join(dir, 'lock'))
    await expect(takeLock(dir, now)).rejects.toThrow()
  })
})
