import { expect, test } from 'vitest'
import { linker } from '../../src/audit/links.ts'
import type { AuditReport } from '../../src/core/report.ts'

const api = (region: string | null): AuditReport['sources'] => [
  { kind: 'app-api', region, workspace: { id: 101, name: 'Shop' }, streams: [] },
]
const profile = { kind: 'profile', key: 'd9c106000001' } as const

test('people and journeys have pages of their own, in the region of the workspace', () => {
  expect(linker(api('us'), 101, true)(profile)).toBe(
    'https://fly.customer.io/workspaces/101/journeys/people/d9c106000001',
  )
  expect(linker(api('eu'), 101, true)({ kind: 'journey', key: '5' })).toBe(
    'https://eu.fly.customer.io/workspaces/101/journeys/campaigns/5',
  )
})

test('what has no page there, or a key that is none of theirs, has no link', () => {
  const link = linker(api('us'), 101, true)
  for (const subject of [
    { kind: 'profile-cluster', key: 'email:ana@shop.test' },
    { kind: 'event', key: 'cart_updated' },
    { kind: 'profile', key: 'id:u-1' },
    { kind: 'profile', key: '../../settings' },
    { kind: 'journey', key: '5/../7' },
    { kind: 'journey', key: '0' },
  ] as const)
    expect(link(subject)).toBeNull()
})

test('no link where workspace or region are not known, or nobody wants one', () => {
  expect(linker(api('us'), null, true)(profile)).toBeNull()
  expect(linker(api(null), 101, true)(profile)).toBeNull()
  expect(
    linker([{ ...api(null)[0], kind: 'pipelines' } as AuditReport['sources'][number]], 101, true)(profile),
  ).toBeNull()
  expect(linker(api('us'), 101, false)(profile)).toBeNull()
})
