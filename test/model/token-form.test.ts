import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/engine/database.ts'
import { raw, sql } from '../../src/engine/sql.ts'
import { modelOver, planOf, settings, snapshotRows } from '../support/workspace.ts'

const apns = 'a1B2c3D4'.repeat(8)
const fcm = `${'x'.repeat(22)}:APA91b${'y'.repeat(134)}`

const forms: readonly (readonly [string, string | null])[] = [
  [apns, null],
  ['a'.repeat(64), null],
  ['b'.repeat(200), null],
  [fcm, null],
  [`x:${'y'.repeat(100)}`, null],
  ['Zz_-'.repeat(38), null],
  // One character more or less.
  ['a'.repeat(62), 'length'],
  ['a'.repeat(63), 'length'],
  ['a'.repeat(65), 'length'],
  ['b'.repeat(202), 'length'],
  [`x:${'y'.repeat(99)}`, 'length'],
  [`:${'y'.repeat(120)}`, 'length'],
  [`${'Zz_-'.repeat(38)}Z`, 'length'],
  [`${'a'.repeat(63)}g`, 'length'],
  // Nobody.
  ['null', 'placeholder'],
  [' NULL ', 'placeholder'],
  ['"undefined"', 'placeholder'],
  ['(null)', 'placeholder'],
  ['<none>', 'placeholder'],
  ['[object Object]', 'placeholder'],
  ['[object Promise]', 'placeholder'],
  ['device_token', 'placeholder'],
  ['0'.repeat(64), 'placeholder'],
  [' ', 'placeholder'],
  ['nobody', 'placeholder'],
  // Others.
  ['ExponentPushToken[xxxxxxxxxxxxxxxxxxxxxx]', 'other-provider'],
  ['ExpoPushToken[xxxxxxxxxxxxxxxxxxxxxx]', 'other-provider'],
  ['exponentpushtoken[x]', 'other-provider'],
  ['"ExponentPushToken[x]"', 'other-provider'],
  ['6D92078A-8246-4BA4-AE5B-76104861E7DC', 'other-provider'],
  ['{6d92078a-8246-4ba4-ae5b-76104861e7dc}', 'other-provider'],
  ['6d92078a82464ba4ae5b76104861e7dc', 'length'],
  ['6d92078a-8246-4ba4-ae5b-76104861e7dcf', 'length'],
  ['MyExponentPushToken[x]', 'characters'],
  [`<${apns}>`, 'description'],
  [`<${'a1b2c3d4 '.repeat(8)}>`, 'description'],
  ['{length = 32, bytes = 0xa1b2c3d4 ... a1b2c3d4}', 'description'],
  [`"${apns}"`, 'quotes'],
  [`'${fcm}'`, 'quotes'],
  [`\`${apns}\``, 'quotes'],
  [`"${apns} "`, 'quotes'],
  [` ${apns}`, 'white-space'],
  [`${apns}\n`, 'white-space'],
  [`${'a1b2c3d4\t'.repeat(7)}a1b2c3d4`, 'white-space'],
  [`${apns}\v`, 'white-space'],
  [fcm.replace(':', '%3A'), 'characters'],
  [`token:${'ü'.repeat(110)}`, 'characters'],
  [`https://fcm.googleapis.com/fcm/send/${'y'.repeat(120)}`, 'characters'],
]

const builds: readonly (readonly [string | null, string | null, string, string])[] = [
  ['com.shop.app.debug', '3.2.0', 'app debug', ''],
  ['com.shop.appStaging', null, 'app staging', ''],
  ['com.shop.APP-Beta_2', '3.2.0-RC.1', 'app beta', 'rc'],
  ['dev.northwind.contest', '3.2.0 (Test)', 'contest', 'test'],
  ['dev.northwind', '3.2.0-latest', 'northwind', 'latest'],
  // Of two parts and fewer the last one is read.
  ['com.debug', 'v3.2.0debugBuild', 'debug', 'v debug build'],
  ['debug', ' ', 'debug', ''],
  [null, null, '', ''],
]

let db: Database
beforeAll(async () => {
  const profiles = [
    ...forms.map(([token], n) => ({ cio_id: `form-${n}`, devices: [{ token }] })),
    ...builds.map(([identifier, version], n) => ({
      cio_id: `build-${n}`,
      devices: [
        {
          token: String(n).padStart(64, 'e'),
          attributes: {
            ...(identifier === null ? {} : { app_identifier: identifier }),
            ...(version === null ? {} : { app_version: version }),
          },
        },
      ],
    })),
  ]
  const changed = { ...settings, identity: { ...settings.identity, placeholders: ['nobody'] } }
  db = await modelOver(snapshotRows({ profiles }), planOf({}), changed)
})
afterAll(() => db.close())

test.each(forms.map(([token, form], n) => [JSON.stringify(token).slice(0, 50), form, n] as const))(
  '%s is %s',
  async (_, form, n) => {
    const rows = await db.rows(
      sql`select malformed, well_formed, state from device where cio_id = ${`form-${n}`}`,
    )
    expect(rows).toEqual([
      { malformed: form, well_formed: form === null, state: form === null ? 'deliverable' : 'malformed' },
    ])
  },
)

test.each(builds.map((build, n) => [...build, n] as const))(
  'the words of %s and %s are "%s" and "%s"',
  async (_, __, identifierWords, versionWords, n) => {
    const [row] = await db.rows(sql`
      select array_to_string(identifier_words, ' ') as identifier, array_to_string(version_words, ' ') as version
      from device d join app_build b on b.app_identifier is not distinct from d.app_identifier
        and b.app_version is not distinct from d.app_version where d.cio_id = ${`build-${n}`}`)
    expect(row).toEqual({ identifier: identifierWords, version: versionWords })
  },
)

test('each build stands once', async () => {
  const [row] = await db.rows(
    raw('select count(*) as n, count(distinct (app_identifier, app_version)) as builds from app_build'),
  )
  expect(row?.['n']).toEqual(row?.['builds'])
})
