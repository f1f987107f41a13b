import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readFacts, type View } from '../../src/audit/facts.ts'
import type { Settings } from '../../src/core/settings.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { tempDir } from '../support/temp-dir.ts'
import { asOf, settings, snapshotRows, writeSnapshot } from '../support/workspace.ts'

/** A look at a snapshot whose pull ended at `asOf`. */
async function factsOf(view: Pick<View, 'since' | 'until'>, changed: Settings = settings) {
  const snapshotPath = join(await tempDir(), 'snapshot.duckdb')
  await writeSnapshot(snapshotPath, snapshotRows({}))
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  onTestFinished(() => db.close())
  return await readFacts(db, { ...view, snapshotPath, settings: changed })
}

const windowOf = async (view: Pick<View, 'since' | 'until'>) => (await factsOf(view)).window

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

test('an attestation that does not count yet, or no longer, is told', async () => {
  const words = { reason: 'looked at', owner: 'crm@shop.example' }
  const { notices } = await factsOf(
    {},
    {
      ...settings,
      attest: {
        'event-dedupe': { ...words, on: '2026-11-24', expires: '2026-12-24' },
        'identify-at-login': { ...words, on: '2026-10-01', expires: '2026-11-22' },
        'anonymous-merge': { ...words, on: '2026-11-23', expires: '2026-11-23' },
      },
    },
  )
  expect(notices).toEqual([
    'The attestation of event-dedupe counts from 2026-11-24 on, and this run judges as of 2026-11-23.',
    'The attestation of identify-at-login expired on 2026-11-22.',
  ])
})

test('the name that the config gives is that of every source, and says nothing of which workspace it is', async () => {
  const own = await factsOf({})
  const name = 'Shop production'
  const called = await factsOf({}, { ...settings, workspace: { ...settings.workspace, name } })
  expect(own.sources.map(({ workspace }) => workspace.name)).not.toContain(name)
  expect(called).toEqual({
    ...own,
    sources: own.sources.map((source) => ({ ...source, workspace: { ...source.workspace, name } })),
  })
})
