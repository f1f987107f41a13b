import { expect, test } from 'vitest'
import type { AuditReport } from '../../src/core/report.ts'
import { renderTable } from '../../src/reports/index.ts'
import { fixedAudit } from '../support/report-fixture.ts'

const { report } = fixedAudit()
type Source = AuditReport['sources'][number]
type Cell = AuditReport['ledger']['all'][number]

const cell = (permission: Cell['permission'], device: Cell['device'], profiles: number): Cell => ({
  permission,
  device,
  profiles,
})
const intent: AuditReport['ledger']['intent'] = [
  { ...cell('in', 'deliverable', 800), cartValue: [{ currency: 'EUR', amount: 1e6 }] },
  { ...cell('in', 'stale', 20), cartValue: [{ currency: 'EUR', amount: 1e6 }] },
  {
    ...cell('in', 'disabled', 90),
    cartValue: [
      { currency: 'USD', amount: 310.5 },
      { currency: 'EUR', amount: 0 },
    ],
  },
  { ...cell('in', 'shared', 2), cartValue: [] },
  { ...cell('in', 'malformed', 1), cartValue: [] },
  { ...cell('in', 'undeliverable', 90), cartValue: [] },
  { ...cell('in', 'none', 120), cartValue: [{ currency: 'USD', amount: 9000 }] },
  { ...cell('out', 'deliverable', 50), cartValue: [{ currency: 'EUR', amount: 1e6 }] },
  { ...cell('unsubscribed', 'none', 30), cartValue: [] },
  { ...cell('unknown', 'none', 1), cartValue: [] },
]

const stream = (name: string, more: Partial<Source['streams'][number]> = {}): Source['streams'][number] => ({
  name,
  read: 10,
  expected: null,
  rejected: 0,
  complete: true,
  ended: 'end of cursor',
  ...more,
})
const source = (kind: Source['kind'], ...streams: Source['streams']): Source => ({
  kind,
  region: null,
  workspace: { id: null, name: null },
  streams,
})
const whole = [source('app-api', stream('people'), stream('attributes'))]

/** What the table says about the ledger, its lines joined. */
function section(ledger: Partial<AuditReport['ledger']>, sources: readonly Source[] = whole): string {
  const changed = { ...report, sources: [...sources], ledger: { ...report.ledger, ...ledger } }
  const text = renderTable(changed, { width: 200, colour: false })
  return (/Who can be reached by push\n([\s\S]*?)\n\n/.exec(text)?.[1] ?? '').replaceAll(/\s+/g, ' ').trim()
}

test('people with intent: who is in reach, why others are not, and what their carts are worth', () => {
  expect(section({ all: [cell('unknown', 'none', 1)], intent })).toBe(
    [
      '• All 1 profile: 0 can be reached (0 %). 1 never said.',
      '• 1,204 profiles that looked at a product, filled a cart or bought since 2026-10-24: 800 can be reached (66 %).',
      '303 opted in and cannot be reached, with carts worth 9,310.50 USD: 120 without a device,',
      '90 with push switched off on the phone, 90 with a device that push bounces from,',
      '2 with a device token that sits on other profiles too, 1 with a malformed device token.',
      '20 opted in on a device that was not used for long, 50 opted out, 30 unsubscribed, 1 never said.',
    ].join(' '),
  )
})

test('nothing is said of numbers that are nought', () => {
  const all = [cell('in', 'deliverable', 3)]
  expect(section({ all, intent: [], journeys: [] })).toBe('• All 3 profiles: 3 can be reached (100 %).')
  expect(section({ all: [], intent: [], journeys: [] })).toBe('')
})

test('journeys: those who sent the event that starts them', () => {
  const text = section({
    intent: [],
    journeys: [
      { id: 5, cells: [cell('in', 'deliverable', 30), cell('in', 'none', 7), cell('out', 'none', 4)] },
      { id: 9, cells: [] },
      { id: 11, cells: [cell('out', 'none', 1)] },
    ],
  })
  expect(text).toContain(
    'since 2026-10-24 (filters not counted): – Cart recovery: 41 profiles, 30 can be reached (73 %), 7 opted in and cannot be – Thank you',
  )
  expect(text).toContain('– Thank you | 谢谢: nobody sent it')
  expect(text).toContain('– journey 11: 1 profile, 0 can be reached (0 %)')
})

const part = 'Not everybody’s devices were read, so more people may be reachable than stand here.'
const none = '? No source shows who has which device, so this is not known.'

test.each<[string, readonly Source[], string | null]>([
  ['the App API, all of it', whole, null],
  ['the App API, cut off', [source('app-api', stream('attributes', { complete: false }))], part],
  ['the App API, with damage', [source('app-api', stream('attributes', { rejected: 1 }))], part],
  ['the App API without the bulk read', [source('app-api', stream('people'))], none],
  ['the App API, forbidden', [source('app-api', stream('attributes', { read: 0, complete: false }))], none],
  ['a people export', [source('people-export', stream('people'))], none],
  ['warehouse files', [source('warehouse-sync', stream('people'), stream('attributes'))], none],
  [
    'Pipelines files',
    [source('people-export', stream('people')), source('pipelines', stream('tracks'))],
    null,
  ],
  ['Pipelines files without tracks', [source('pipelines', stream('identifies'))], none],
  [
    'two parts of Pipelines files, one damaged',
    [source('pipelines', stream('tracks'), stream('tracks', { complete: false }))],
    part,
  ],
  // Where the App API is connected, it alone says who holds a token.
  [
    'the App API, cut off, beside files',
    [source('pipelines', stream('tracks')), source('app-api', stream('attributes', { complete: false }))],
    part,
  ],
])('devices as they are known from %s', (_, sources, told) => {
  const text = section({ intent: [], journeys: [] }, sources)
  expect([part, none].filter((words) => text.includes(words))).toEqual(told === null ? [] : [told])
  expect(text.includes('All 1,000 profiles')).toBe(told !== none)
})
