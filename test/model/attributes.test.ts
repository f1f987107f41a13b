import { beforeAll, expect, test } from 'vitest'
import type { PlannedAttribute } from '../../src/core/plan.ts'
import type { Row } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, snapshotRows } from '../support/workspace.ts'
import { planWith } from './attribute-plan.ts'

const planned: Record<string, Partial<PlannedAttribute>> = {
  of_all: { required: true, appliesTo: 'all' },
  of_known: { required: true, appliesTo: 'known' },
  of_app_users: { required: true, appliesTo: 'app-users' },
  of_customers: { required: true, appliesTo: 'customers' },
  wished: { recommended: true, appliesTo: 'customers' },
  free: {},
  push_opt_in: { type: 'boolean', required: true, appliesTo: 'app-users' },
}
const every = (value: string) => Object.fromEntries(Object.keys(planned).map((name) => [name, value]))
const device = (push_enabled?: string) => [
  { token: 'a'.repeat(64), attributes: push_enabled ? { push_enabled } : {} },
]
const profiles = [
  { cio_id: 'anonymous' },
  { cio_id: 'known', id: 'u-1' },
  { cio_id: 'known-by-mail', email: 'ana@shop.test' },
  { cio_id: 'known-by-phone', attributes: { phone: '+14155552671' } },
  { cio_id: 'placeholder', id: 'null' },
  { cio_id: 'filled', id: 'u-2', attributes: { ...every('x'), push_opt_in: 'true' } },
  { cio_id: 'blank', id: 'u-3', attributes: every(' ') },
  { cio_id: 'app-silent', id: 'u-4', devices: [{ token: 'b'.repeat(64) }] },
  { cio_id: 'app-asked', id: 'u-5', devices: device('false') },
  { cio_id: 'buyer', id: 'u-6' },
]

let defects: Row[]
let plans: Row[]
beforeAll(async () => {
  const order = { intent: 'purchase' as const, critical: false, dedupeKey: null, aliases: [], properties: {} }
  const events = [{ cio_id: 'buyer', name: 'order', at: '2026-11-10T10:00:00Z' }]
  const db = await modelOver(snapshotRows({ profiles, events }), {
    ...planWith(planned),
    events: { order },
  })
  defects = await db.rows(raw('select * from attribute_defect order by cio_id'))
  plans = await db.rows(raw('select * from attribute_plan'))
  db.close()
})

const known = ['app-asked', 'app-silent', 'blank', 'buyer', 'known', 'known-by-mail', 'known-by-phone']

test.each<[string, string[], boolean, number]>([
  ['of_all', [...known, 'anonymous', 'placeholder'].toSorted(), true, 10],
  ['of_known', known, true, 8],
  ['of_app_users', ['app-asked', 'app-silent'], true, 2],
  ['of_customers', ['buyer'], true, 1],
  ['wished', ['buyer'], false, 1],
  ['free', [], false, 8],
  // A device that says whether push is allowed stands in for the opt-in attribute.
  ['push_opt_in', ['app-silent'], true, 2],
])('%s is missing on %j', (name, missing, required, applies) => {
  const rows = defects.filter((row) => row['attribute'] === name)
  expect(rows.map((row) => row['cio_id'])).toEqual(missing)
  for (const row of rows) expect(row).toMatchObject({ defect: 'missing', value: null, found: null, required })
  const asked = {
    required: planned[name]?.required ?? false,
    recommended: planned[name]?.recommended ?? false,
  }
  expect(plans.find((row) => row['attribute'] === name)).toMatchObject({ ...asked, applies, held: 1 })
})

test('a plan without attributes asks for none', async () => {
  const db = await modelOver(snapshotRows({ profiles }), planWith({}))
  expect(await db.rows(raw('select * from attribute_plan'))).toEqual([])
  expect(await db.rows(raw('select * from attribute_defect'))).toEqual([])
  db.close()
})

test('a name may hold what JSON paths are written with', async () => {
  const names = ['say "hi"', 'a.b', 'a/b', 'a~b', '$', '*', '0', 'size [cm]']
  const of = (id: string, attributes: Record<string, string>) => ({ cio_id: id, id, attributes })
  const db = await modelOver(
    snapshotRows({
      profiles: [
        of('all', Object.fromEntries(names.map((name) => [name, 'x']))),
        of('none', { say: 'x', a: 'x' }),
      ],
    }),
    planWith(Object.fromEntries(names.map((name) => [name, { required: true, appliesTo: 'all' }]))),
  )
  const rows = await db.rows(raw('select cio_id, attribute from attribute_defect'))
  db.close()
  expect(rows.map(({ cio_id, attribute }) => `${cio_id} ${attribute}`).toSorted()).toEqual(
    names.map((name) => `none ${name}`).toSorted(),
  )
})
