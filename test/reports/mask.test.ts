import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { maskFinding } from '../../src/reports/mask-report.ts'
import { personalKind } from '../../src/reports/personal-kind.ts'
import { createMasker, maskInput, maskReport } from '../../src/reports/index.ts'
import { renderJson } from '../../src/reports/json.ts'
import type { Finding } from '../../src/core/report.ts'
import { fixedAudit } from '../support/report-fixture.ts'

const masker = createMasker('a key of the test')
const personal = [
  'ana@example.com',
  'Ana@Example.com',
  'li.wei@例え.jp',
  'kim@example.com',
  'joe@example.com',
  'max.muster@gmail.com',
  'maxmuster',
  '14155550100',
  'a3'.repeat(32),
  'crm@shop.example',
]

test('equal values have equal masks, others do not, and another key gives others', () => {
  expect(masker.value('email', 'ana@example.com')).toMatch(/^a…@e….com#[0-9a-f]{8}$/)
  expect(masker.value('email', 'ana@example.com')).toBe(
    createMasker('a key of the test').value('email', 'ana@example.com'),
  )
  expect(masker.value('email', 'ana@example.com')).not.toBe(masker.value('email', 'ann@example.com'))
  expect(masker.value('email', 'ana@example.com')).not.toBe(
    createMasker('another').value('email', 'ana@example.com'),
  )
})

test.each(["mary.o'hara@example.com", "id:mary.o'hara@example.com", "'mary.o'hara@example.com'"])(
  'an apostrophe is part of the address: %s',
  (plain) => {
    const mask = masker.value('email', "mary.o'hara@example.com")
    expect(masker.text(plain)).toBe(plain.replace("mary.o'hara@example.com", mask))
  },
)

test('quotation marks are none, and an address that is escaped for a URL is an address', () => {
  const mask = masker.value('email', 'ana@example.com')
  expect(masker.text("{'ana@example.com'}, the shop's ana@example.com")).toBe(
    `{'${mask}'}, the shop's ${mask}`,
  )
  expect(masker.text('id:ana%40example.com')).toMatch(/^id:a…@…#[0-9a-f]{8}$/)
  expect(masker.text('100%40, /%40ana')).toBe('100%40, /%40ana')
})

test('spellings of one address share the mark of their mask', () => {
  const mark = (value: string): string => masker.value('email', value).split('#')[1] ?? ''
  expect(mark(' Ana@Example.com')).toBe(mark('ana@example.com'))
})

test('nothing personal is left in a masked report, and what is not personal stays', () => {
  const text = renderJson(maskReport(fixedAudit().report, masker))
  for (const value of personal) expect(text.toLowerCase()).not.toContain(value.toLowerCase())
  for (const kept of [
    'd9c100000001',
    '"u-77"',
    'Cart recovery',
    'purchase.items[].price',
    `sha256:${'0d'.repeat(32)}`,
    '1764000000000',
  ]) {
    expect(text).toContain(kept)
  }
})

test('an address in the name of a journey or of the workspace is masked wherever the name stands', () => {
  const { report } = fixedAudit()
  const name = 'Try-out for ana@example.com'
  const [rule] = report.rules.filter(({ findings }) => findings.listed.length > 0)
  const masked = maskReport(
    {
      ...report,
      sources: report.sources.map((source) => ({ ...source, workspace: { ...source.workspace, name } })),
      journeys: report.journeys.map((journey) => ({ ...journey, name })),
      rules: [
        {
          ...rule!,
          findings: {
            ...rule!.findings,
            listed: rule!.findings.listed.map((finding) => ({ ...finding, journeys: [{ id: 5, name }] })),
          },
        },
      ],
    },
    masker,
  )
  const mask = `Try-out for ${masker.value('email', 'ana@example.com')}`
  expect(masked.sources.map(({ workspace }) => workspace.name)).toContain(mask)
  expect(masked.journeys.map((journey) => journey.name)).toContain(mask)
  expect(masked.rules[0]?.findings.listed[0]?.journeys).toEqual([{ id: 5, name: mask }])
  expect(renderJson(masked)).not.toContain('ana@example.com')
})

test('counts and fingerprints are as without the mask', () => {
  const plain = fixedAudit().report
  const masked = maskReport(plain, masker)
  expect(masked.totals).toEqual(plain.totals)
  expect(masked.rules.map(({ findings }) => findings.listed.map(({ fingerprint }) => fingerprint))).toEqual(
    plain.rules.map(({ findings }) => findings.listed.map(({ fingerprint }) => fingerprint)),
  )
})

test('masking twice changes nothing', () => {
  const once = maskReport(fixedAudit().report, masker)
  expect(maskReport(once, masker)).toEqual(once)
})

test('findings and evidence in files are masked like the listed ones', async () => {
  const input = maskInput(fixedAudit(), masker)
  const written: unknown[] = []
  for await (const chunk of input.findings()) written.push(...chunk)
  for (const { rule } of input.report.rules) {
    for await (const chunk of input.evidence(rule).rows) written.push(...chunk)
  }
  const text = JSON.stringify(written).toLowerCase()
  for (const value of personal) expect(text).not.toContain(value.toLowerCase())
  expect(text).toContain(masker.value('email', 'kim@example.com').toLowerCase())
})

test('the subject of a cluster keeps its kind and matches its evidence', () => {
  const [cluster] =
    maskReport(fixedAudit().report, masker).rules.find(({ rule }) => rule === 'identity/duplicate-email')
      ?.findings.listed ?? []
  const mask = masker.value('email', 'ana@example.com')
  expect(cluster?.subject).toEqual({ kind: 'profile-cluster', key: `email:${mask}`, label: mask })
  expect(cluster?.message).toBe(`3 profiles share the e-mail ${mask} in 2 spellings`)
  expect(cluster?.evidence[1]?.['email']).toBe(mask)
})

test('the value of an attribute is masked by what the attribute is', () => {
  const [plain] = fixedAudit().report.rules.flatMap(({ findings }) => findings.listed)
  if (!plain) throw new Error('The fixture has no findings.')
  const lines = [
    { attribute: 'name', value: 'Ana Bell' },
    { attribute: 'first_name', value: 'Ana' },
    { property: 'customer.phone', value: '555 0100' },
    { attribute: 'country', value: 'Deutschland' },
  ]
  const masked = maskFinding({ ...plain, message: 'Ana Bell and Anastasia', evidence: lines }, masker)
  expect(masked.evidence.map(({ value }) => value)).toEqual([
    masker.value('name', 'Ana Bell'),
    masker.value('name', 'Ana'),
    masker.value('phone', '555 0100'),
    'Deutschland',
  ])
  expect(masked.message).toBe(`${masker.value('name', 'Ana Bell')} and Anastasia`)
})

test.each([
  ['email', 'email'],
  ['contactEmail', 'email'],
  ['first_name', 'name'],
  ['lastname', 'name'],
  ['phone_number', 'phone'],
  ['recipient_name', 'name'],
  ['billingName', 'name'],
  ['contact_name', 'name'],
  ['nickname', 'name'],
  ['device_token', 'token'],
  ['street', 'text'],
  ['event_name', undefined],
  ['name', undefined],
  ['cio_id', undefined],
  ['id', undefined],
])('a column %s holds %s', (column, kind) => {
  expect(personalKind(column)).toBe(kind)
})

test.each([
  ['called +1 (415) 555-0100 twice', /^called \+…00#[0-9a-f]{8} twice$/],
  [
    'at 1764000000 and 2026-11-23T12:00:00Z, 1,204 people',
    /^at 1764000000 and 2026-11-23T12:00:00Z, 1,204 people$/,
  ],
  ['38 of 400 events; ios 3.2.0', /^38 of 400 events; ios 3\.2\.0$/],
  ['order 12345678901234', /^order 12345678901234$/],
  ['mail <ana@example.com>, please', /^mail <a…@e….com#[0-9a-f]{8}>, please$/],
  ['token dGVzdHRva2VuMTIzNDU2Nzg5:APA91b' + 'x'.repeat(134), /^token d…#[0-9a-f]{8}$/],
  ['ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]', /^E…#[0-9a-f]{8}$/],
])('in text %j', (text, masked) => {
  expect(masker.text(text)).toMatch(masked)
})

test('whatever address stands in a text, it does not come through', () => {
  fc.assert(
    fc.property(fc.emailAddress(), fc.constantFrom('', ' ', 'for ', '"', '(', ': '), (address, before) => {
      const [local = ''] = address.split('@')
      const plain = /["'\\/|=,;:[\]()<>]/.test(local) ? 'ana.b@example.com' : address
      expect(masker.text(`${before}${plain}.`)).not.toContain(plain)
    }),
  )
})

test('a megabyte without any address is looked through at once', () => {
  for (const unit of ['a', '+1 ', '@', 'a@', '-', '0', ':']) masker.text(unit.repeat(1_000_000 / unit.length))
})

test('within JSON what stands under a personal key is masked, also where the JSON was cut', () => {
  const whole = masker.text('{"first_name":"Ana Maria","note":"ring ana@example.com","name":"Shoe","n":1}')
  expect(whole).toMatch(
    /^\{"first_name":"A…#[0-9a-f]{8}","note":"ring a…@e….com#[0-9a-f]{8}","name":"Shoe","n":1\}$/,
  )
  expect(masker.text(whole)).toBe(whole)
  expect(masker.text('{"gift":{"email":"ana@exa')).toMatch(/^\{"gift":\{"email":"a…@e…#[0-9a-f]{8}$/)
  expect(masker.text('{"last_name" : "O\\"Hara')).toMatch(/^\{"last_name" : "O…#[0-9a-f]{8}$/)
})

test('what a long value was cut in the middle of is left out', () => {
  const cell = `${'x '.repeat(92)}for ana.maria@ex`
  expect(cell).toHaveLength(200)
  const { evidence } = maskFinding(
    {
      ...(fixedAudit().report.rules.flatMap(({ findings }) => findings.listed)[0] as Finding),
      evidence: [{ value: cell }],
    },
    masker,
  )
  expect(evidence).toEqual([{ value: `${'x '.repeat(92)}for …` }])
})
