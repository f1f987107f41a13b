import { readdir, truncate, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AuditDatabases } from '../../src/audit/databases.ts'
import type { Database } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { tempDir } from '../support/temp-dir.ts'

const mebibyte = 1024 ** 2

async function settings(db: Database): Promise<{ spill: string; mebibytes: number; threads: number }> {
  const [row] = await db.rows(
    raw(
      `select current_setting('temp_directory') as spill, current_setting('memory_limit') as memory, current_setting('threads') as threads`,
    ),
  )
  return {
    spill: String(row?.['spill']),
    mebibytes: Number.parseFloat(String(row?.['memory'])),
    threads: Number(row?.['threads']),
  }
}

/** All that are open at once while rules are asked about some journeys. */
async function openAll(stateDir: string, memoryBytes: number, snapshotBytes = 1e9) {
  const snapshotPath = join(await tempDir(), 'snapshot.duckdb')
  await writeFile(snapshotPath, '')
  // A hole: no byte of it is on the disk.
  await truncate(snapshotPath, snapshotBytes)
  const databases = await AuditDatabases.in({ stateDir, snapshotPath, memoryBytes })
  const builder = await databases.builder()
  const building = await settings(builder)
  builder.close()
  const open = [await databases.model(), await databases.reached(), await databases.findings()]
  const [model, reached, findings] = await Promise.all(open.map(settings))
  for (const db of open) db.close()
  await databases.remove()
  return { building, model, reached, findings }
}

test('what is open at once spills into folders of its own, and nothing is left', async () => {
  const folder = await tempDir()
  const all = await openAll(folder, 512 * mebibyte)
  const spills = Object.values(all).map((each) => each?.spill)
  expect(new Set(spills).size).toBe(4)
  expect(spills.every((spill) => spill?.startsWith(join(folder, 'tmp')))).toBe(true)
  expect(await readdir(join(folder, 'tmp'))).toEqual([])
})

test('model and findings divide the memory, with the threads that all of it allows', async () => {
  const { building, model, findings } = await openAll(await tempDir(), 400 * mebibyte)
  expect([building.mebibytes, model?.mebibytes, findings?.mebibytes]).toEqual([400, 300, 100])
  expect(model?.threads).toBe(building.threads)
})

test('a small snapshot is audited by one thread: there is nothing to share', async () => {
  const { building, model, reached, findings } = await openAll(await tempDir(), 4096 * mebibyte, 1e7)
  expect([building, model, reached, findings].map((each) => each?.threads)).toEqual([1, 1, 1, 1])
  const large = await openAll(await tempDir(), 4096 * mebibyte, 1e8)
  expect(large.building.threads).toBe(availableParallelism())
})

test('a small memory is not divided, and none gets more than there is', async () => {
  const small = await openAll(await tempDir(), 200 * mebibyte)
  expect([small.model?.mebibytes, small.reached?.mebibytes, small.findings?.mebibytes]).toEqual([
    200, 200, 80,
  ])
  const least = await openAll(await tempDir(), 64 * mebibyte)
  expect([least.model?.mebibytes, least.findings?.mebibytes]).toEqual([64, 64])
})
