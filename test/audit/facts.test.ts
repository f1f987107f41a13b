import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readFacts, type View } from '../../src/audit/facts.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { tempDir } from '../support/temp-dir.ts'
import { asOf, settings, snapshotRows, writeSnapshot } from '../support/workspace.ts'

/** The window of a look at a snapshot whose pull ended at `asOf`. */
async function windowOf(view: Pick<View, 'since' | 'until'>) {
  const snapshotPath = join(await tempDir(), 'snapshot.duckdb')
  await writeSnapshot(snapshotPath, snapshotRows({}))
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  onTestFinished(() => db.close())
  return (await readFacts(db, { ...view, snapshotPath, settings })).window
}

const day = 86_400

test('a duration counts back from the end of the pull, however long ago that was', async () => {
  expect(await windowOf({ since: { secondsBefore: 5 * day } })).toEqual({
    asOf,
    until: asOf,
    since: new Date('2026-11-18T12:00:00Z'),
  })
  expect(
    await windowOf({ since: { secondsBefore: 10 * day }, until: { secondsBefore: 2 * day } }),
  ).toMatchObject({ since: new Date('2026-11-13T12:00:00Z'), until: new Date('2026-11-21T12:00:00Z') })
})

test('a window that begins when the snapshot ends, or later, is wrong usage and not an empty one', async () => {
  for (const since of [asOf, new Date('2026-11-30T00:00:00Z')])
    await expect(windowOf({ since })).rejects.toMatchObject({ code: 'USAGE_TIME', oclif: { exit: 2 } })
})
