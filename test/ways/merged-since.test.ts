import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { findingsOf, ManyWays } from '../support/sources.ts'
import { asOf } from '../support/workspace.ts'

let shop: ManyWays
let merged = 0
let deleted = 0
beforeAll(async () => {
  shop = await ManyWays.of({ people: 300, seed: 3, variant: 'healthy' }, ['pipelines'])
  const { path } = await shop.snapshot(['api'])
  const db = await openDatabase({ path, access: 'read' })
  const people = await db.rows(
    raw('select email from profile where id is not null and email is not null order by cio_id limit 40'),
  )
  db.close()
  // The twins that were found last month and merged, and some who were deleted: all that is left of them is in the files.
  const identify = (user_id: string, email: unknown, n: number) => ({
    id: `twin-${n}`,
    type: 'identify',
    user_id,
    anonymous_id: `browser-of-twin-${n}`,
    timestamp: new Date(asOf.getTime() - (5 * 86_400 + n) * 1000).toISOString(),
    received_at: new Date(asOf.getTime() - (5 * 86_400 + n) * 1000).toISOString(),
    traits: { email },
    context: {},
  })
  const lines = [
    ...people.map(({ email }, n) => identify(`twin-${n}`, email, n)),
    ...[100, 101, 102].map((n) => identify(`left-${n}`, `left-${n}@nobody-here.shop`, n)),
  ]
  ;[merged, deleted] = [people.length, 3]
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  await writeFile(join(shop.folders.pipelines, '2184.97.90.identifies.jsonl'), text)
}, 120_000)
afterAll(() => shop.remove())

test('files alone show the twins', { timeout: 120_000 }, async () => {
  await shop.audit(['pipelines'], async (outcome) => {
    const found = await findingsOf(outcome, 'identity/duplicate-email')
    expect(found).toHaveLength(merged)
  })
})

test(
  'with the App API beside them they are no duplicates any more, and the report says why',
  { timeout: 120_000 },
  async () => {
    await shop.audit(['api', 'pipelines'], async (outcome) => {
      expect(await findingsOf(outcome, 'identity/duplicate-email')).toEqual([])
      expect(outcome.report.totals.profiles).toBe(300)
      expect(outcome.report.notices).toContain(
        `${deleted} people of the files are not in the workspace (merged, deleted, or of another one) and were left out.`,
      )
      expect(outcome.report.notices).toContain(
        `${merged} user ids of the files belong to nobody in the workspace; they count as the one person there with the same e-mail.`,
      )
    })
  },
)
