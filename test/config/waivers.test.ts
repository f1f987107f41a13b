import { describe, expect, test } from 'vitest'
import { loadWaivers } from '../../src/config/index.ts'
import { activeWaivers } from '../../src/core/waiver.ts'
import { inFolder, usageError } from './support.ts'

const load = (csv: string | Uint8Array) =>
  inFolder({ 'waivers.csv': csv }, (folder) => loadWaivers(undefined, folder))
const print = '0123456789abcdef0123456789abcdef'

test('no file, no waivers', async () => {
  expect(await inFolder({}, (folder) => loadWaivers(undefined, folder))).toEqual({
    waivers: [],
    problems: [],
  })
  const error = await inFolder({}, (folder) => usageError(() => loadWaivers('w.csv', folder)))
  expect(error.message).toBe('The waivers file w.csv does not exist.')
})

test('a row by fingerprint, and one by rule and subject', async () => {
  const csv = `fingerprint,rule,subject,reason,owner,expires
${print},,,known loop,ana,2027-01-31
,devices/shared-token,token-1,family tablet,,2027-02-28
`
  expect(await load(csv)).toEqual({
    waivers: [
      {
        fingerprint: print,
        rule: null,
        subject: null,
        reason: 'known loop',
        owner: 'ana',
        expires: '2027-01-31',
        origin: 'waivers.csv:2',
      },
      {
        fingerprint: null,
        rule: 'devices/shared-token',
        subject: 'token-1',
        reason: 'family tablet',
        owner: null,
        expires: '2027-02-28',
        origin: 'waivers.csv:3',
      },
    ],
    problems: [],
  })
})

describe('a row copied out of findings.csv', () => {
  const header =
    'fingerprint,rule,severity,category,checklist,subject_kind,subject,affected,unit,message,first_seen,last_seen,journeys,remediation,link,state'
  const row = `${print.toUpperCase()},identity/duplicate-email,error,identity,canonical-identifier,profile-cluster,email:ana@example.com,3,profiles,"3 profiles, one e-mail",,,,"Merge
them",,new`
  const expected = {
    fingerprint: print,
    rule: 'identity/duplicate-email',
    subject: 'email:ana@example.com',
    reason: 'agreed; until spring',
    expires: '2027-03-01',
  }

  test.each([
    ['commas', (text: string) => text],
    ['semicolons and CRLF', (text: string) => text.replaceAll(',', ';').replaceAll('\n', '\r\n')],
    ['tabs', (text: string) => text.replaceAll(',', '\t')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
  ])('with %s', async (_, spell) => {
    const csv = spell(`${header},reason,expires\n${row},"agreed; until spring",2027-03-01\n`)
    const { waivers, problems } = await load(csv)
    expect(problems).toEqual([])
    expect(waivers).toEqual([expect.objectContaining(expected)])
  })

  test('the line of the next row counts line breaks in cells', async () => {
    const csv = `${header},reason,expires\n${row},ok,2027-03-01\n${row},,2027-03-01\n`
    const { waivers, problems } = await load(csv)
    expect(waivers[0]?.origin).toBe('waivers.csv:2')
    expect(problems).toEqual(['waivers.csv:4: this waiver counts for nothing: it gives no reason.'])
  })
})

test.each([
  [`${print},,,,x,2027-01-01`, 'it gives no reason'],
  [`${print},,,   ,x,2027-01-01`, 'it gives no reason'],
  [`${print},,,r,x,`, 'it has no expiry date'],
  [`${print},,,r,x,01/02/2027`, '"01/02/2027" is no date written as yyyy-mm-dd'],
  [`${print},,,r,x,2027-02-30`, '"2027-02-30" is no date written as yyyy-mm-dd'],
  [',,,r,x,2027-01-01', 'it names no fingerprint, nor rule and subject'],
  [',a/b,,r,x,2027-01-01', 'it names no fingerprint, nor rule and subject'],
  ['1.23E+31,a/b,s,r,x,2027-01-01', '"1.23E+31" is no fingerprint (32 hex digits)'],
  [`${print},,,r,x`, 'it has 5 cells and the header 6'],
  [`${print},,,r,x,2027-01-01,more`, 'it has 7 cells and the header 6'],
])('an incomplete row never suppresses and is named: %s', async (row, problem) => {
  const { waivers, problems } = await load(`fingerprint,rule,subject,reason,owner,expires\n\n${row}\n`)
  expect(waivers).toEqual([])
  expect(problems).toEqual([`waivers.csv:3: this waiver counts for nothing: ${problem}.`])
})

test.each([
  ['', 'is empty'],
  ['\n\n', 'is empty'],
  ['a,b\n1,2\n', 'has no column fingerprint in its first row'],
  ['rule,reason,expires\n', 'has no column fingerprint in its first row'],
  ['fingerprint,expires\n', 'has no column reason in its first row'],
  ['fingerprint,reason\n', 'has no column expires in its first row'],
  [
    'fingerprint,reason,expires\na,"b,c\n',
    'breaks off in line 2: a quotation mark is not closed or stands in a wrong place',
  ],
  ['PK\u0003\u0004\u0000\u0000', 'holds bytes that are no text'],
])('no such CSV: %j', async (csv, what) => {
  const error = await usageError(() => load(csv))
  expect(error.message).toBe(`The waivers file waivers.csv ${what}.`)
  expect(error.code).toBe('CONFIG_WAIVERS')
})

test('a header alone is fine, with names of columns that mean something to JavaScript too', async () => {
  expect(await load('__proto__,constructor,Fingerprint, Reason ,EXPIRES\n')).toEqual({
    waivers: [],
    problems: [],
  })
})

describe('at the run’s "now"', () => {
  const at = async (now: string) =>
    activeWaivers((await load(`fingerprint,reason,expires\n${print},r,2026-11-23\n`)).waivers, new Date(now))

  test('a waiver holds to the end of its last day', async () => {
    expect((await at('2026-11-23T23:59:59Z')).active).toHaveLength(1)
    expect((await at('2026-11-23T23:59:59Z')).problems).toEqual([])
  })

  test('and not on the next, when it is named', async () => {
    const { active, problems } = await at('2026-11-24T00:00:00Z')
    expect(active).toEqual([])
    expect(problems).toEqual([`waivers.csv:2: the waiver of finding ${print} expired on 2026-11-23.`])
  })
})
