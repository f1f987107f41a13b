import { expect, test } from 'vitest'
import { folderOf, line, loadOf, track } from '../../support/files.ts'

const loadOne = async (...times: readonly string[]) =>
  await loadOf(
    await folderOf({
      'a.tracks.jsonl': times.map((sent_at, n) => line(track(`m-${n + 1}`, { sent_at }))).join(''),
    }),
  )

test.each([
  ['2026-11-20T10:00:00Z', '2026-11-20 10:00:00'],
  ['2026-11-20T10:00Z', '2026-11-20 10:00:00'],
  ['2026-11-20T10:00:00z', '2026-11-20 10:00:00'],
  ['2026-11-20t10:00', '2026-11-20 10:00:00'],
  ['2026-11-20T10:00:00,25Z', '2026-11-20 10:00:00.25'],
  ['2026-11-20T10:00:00,25', '2026-11-20 10:00:00.25'],
  ['2026-11-20 10:00:00.123456789 +0000 UTC', '2026-11-20 10:00:00.123456'],
  ['2026-11-20 10:00:00 UTC', '2026-11-20 10:00:00'],
  ['2026-11-20 10:00:00', '2026-11-20 10:00:00'],
  ['2026/11/20 1:02:03', '2026-11-20 01:02:03'],
  ['2026-11-20', '2026-11-20 00:00:00'],
  ['2026-11-20T10:00:00+02', '2026-11-20 08:00:00'],
  ['2026-11-20T10:00-05:30', '2026-11-20 15:30:00'],
  ['2026-11-20T10:00:00,5+0530', '2026-11-20 04:30:00.5'],
  ['2026-11-20 10:00:00 -02:00', '2026-11-20 12:00:00'],
  [' 2026-11-20T10:00:00+02:00 ', '2026-11-20 08:00:00'],
])('%s is a time', async (text, at) => {
  const loaded = await loadOne(text)
  expect(loaded.rejects).toEqual([])
  expect(await loaded.rows('select "at"::varchar as "at" from activity')).toEqual([{ at }])
})

test('a zone by its name is none, and moves no row behind it', async () => {
  const named = ['PST', 'Europe/Berlin', 'CET', '+0200 UTC', '+99:00']
  const loaded = await loadOne(...named.map((zone) => `2026-11-20 10:00:00 ${zone}`), '2026-11-20 10:00:00')
  expect(loaded.rejects).toEqual(
    named.map((_, n) => ({
      position: `files/a.tracks.jsonl, record m-${n + 1}`,
      reason: 'sent_at is no time',
    })),
  )
  expect(await loaded.rows('select id, "at"::varchar as "at" from activity')).toEqual([
    { id: 'm-6', at: '2026-11-20 10:00:00' },
  ])
})
