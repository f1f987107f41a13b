import { expect, test } from 'vitest'
import rule from '../../../rules/identity/merge-evidence.ts'
import { settings } from '../../support/workspace.ts'
import { inOrder, judge, messages } from '../support.ts'

const newcomer = (n: number, createdAt = '2026-11-10T10:00:00Z') => ({
  cio_id: `n${String(n).padStart(2, '0')}`,
  id: `u-${n}`,
  createdAt,
})
const opened = (cio_id: string, platform = 'ios') => ({
  cio_id,
  name: 'app_opened',
  at: '2026-11-12T10:00:00Z',
  data: { platform },
})
const ten = Array.from({ length: 10 }, (_, n) => newcomer(n))
const open = (people: readonly { readonly cio_id: string }[]) => people.map(({ cio_id }) => opened(cio_id))
const merged = (cio_id: string, at: string, type = 'anon_merge') => ({ cio_id, type, at })

test('nothing was attached to anybody, old customers included', async () => {
  const later = newcomer(10, '2026-11-15T10:00:00Z')
  const judged = await judge(rule, {
    profiles: [
      ...ten,
      later,
      // A device that was used in the window is the app too.
      { ...newcomer(11), devices: [{ token: 'a', lastUsed: '2026-11-11T10:00:00Z' }] },
      { ...newcomer(12), devices: [{ token: 'b', lastUsed: '2026-10-11T10:00:00Z' }] },
      newcomer(13),
      newcomer(14, '2026-10-24T11:59:59Z'),
      { cio_id: 'nobody', createdAt: '2026-11-10T10:00:00Z' },
    ],
    events: [
      ...open([...ten, later, newcomer(14), { cio_id: 'nobody' }]),
      // The web shop is no app.
      opened('n13', 'web'),
    ],
    activities: [
      merged('n01', '2026-10-24T11:59:59Z'),
      merged('n01', '2026-11-23T12:00:01Z'),
      merged('n01', '2026-11-20T10:00:00Z', 'profile_merge'),
    ],
  })
  expect(messages(judged)).toEqual([
    '12 profiles were created that use the app, and anonymous activity was attached to none of them: merging is off, or identify is called without the anonymous id',
  ])
  expect(judged.findings[0]).toMatchObject({
    subject: { key: 'anonymous-merge' },
    affected: 12,
    unit: 'profiles',
    firstSeen: '2026-11-10T10:00:00Z',
    lastSeen: '2026-11-15T10:00:00Z',
  })
  const named = judged.evidence.map(({ cio_id }) => cio_id)
  expect(inOrder(named)).toEqual([...ten.map(({ cio_id }) => cio_id), 'n10', 'n11'])
  expect(judged.evidence[0]).toEqual({
    subject: 'anonymous-merge',
    cio_id: 'n00',
    id: 'u-0',
    email: null,
    created_at: '2026-11-10T10:00:00Z',
  })
  expect(judged.population).toBe(12)
})

test('one merge is enough, whoever it is of', async () => {
  for (const at of ['2026-10-24T12:00:00Z', '2026-11-20T10:00:00Z', '2026-11-23T12:00:00Z']) {
    const judged = await judge(rule, {
      profiles: ten,
      events: open(ten),
      activities: [merged('somebody', at)],
    })
    expect([judged.findings, judged.evidence, judged.population]).toEqual([[], [], 10])
  }
})

test('nine newcomers may be chance, and the number is an option', async () => {
  const nine = ten.slice(0, 9)
  const few = await judge(rule, { profiles: nine, events: open(nine) })
  expect([few.findings, few.evidence]).toEqual([[], []])
  const rules = { 'identity/merge-evidence': { enabled: true, options: { minNewProfiles: 9 } } }
  const judged = await judge(
    rule,
    { profiles: nine, events: open(nine) },
    { settings: { ...settings, rules } },
  )
  expect(judged.evidence).toHaveLength(9)
})
