import { describe, expect, test } from 'vitest'
import { isAllowed } from '../../src/customerio/allow-list.ts'
import { openSnapshot } from '../../src/snapshot/index.ts'
import { makePopulation } from '../../src/simulator/index.ts'
import type { Simulator } from '../../src/simulator/index.ts'
import { raw } from '../../src/engine/sql.ts'
import { interrupted, now, pull, shop, type Pulled } from '../support/pulls.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('a pull', () => {
  test('brings everybody and everything, says so in the ledger, and sends nothing but reads', async () => {
    const simulator = await shop()
    const { people, devices, campaigns, segments } = makePopulation({
      people: 250,
      seed: 11,
      variant: 'broken',
      now,
    })
    const { ledger, rows, hash, progress } = await pull(simulator)

    expect(hash).toMatch(/^sha256:/)
    for (const entry of Object.values(ledger))
      expect(entry).toMatchObject({ state: 'ended', complete: true, rejected: 0 })
    expect(ledger['people']).toMatchObject({
      read: people.length,
      expected: people.length,
      ended: 'end of cursor',
    })
    expect(ledger['attributes']).toMatchObject({ read: people.length, expected: people.length })
    expect(await rows('select cio_id, id, email, phone, unsubscribed from profile order by cio_id')).toEqual(
      people
        .map(({ cioId, id, email, phone, unsubscribed }) => ({
          cio_id: cioId,
          id: id || null,
          email: email || null,
          phone: phone || null,
          unsubscribed,
        }))
        .toSorted((a, b) => (a.cio_id < b.cio_id ? -1 : 1)),
    )
    const [counts] =
      await rows(`select (select count(*) from device) as devices, (select count(*) from campaign) as campaigns,
      (select count(*) from segment) as segments, (select count(*) from activity) as activities, (select count(distinct id) from activity) as ids,
      (select count(*) from campaign_action) as actions, (select sum(len(json_extract(rest, '$.actions[*]'))) from campaign) as listed,
      (select count(*) from journey_metric) as metrics, (select count(*) from segment where people is not null) as counted`)
    expect(counts).toMatchObject({
      devices: devices.length,
      campaigns: campaigns.length,
      segments: segments.length,
    })
    expect(counts?.['activities']).toBe(ledger['activities/*']?.read)
    expect(counts?.['ids']).toBe(counts?.['activities'])
    expect(counts?.['actions']).toBe(counts?.['listed'])
    expect(counts?.['metrics']).toBe(campaigns.filter(({ state }) => state !== 'draft').length)
    expect(counts?.['counted']).toBeGreaterThan(0)

    expect(progress[0]).toMatchObject({ kind: 'forecast', people: 250, seconds: null })
    expect(progress.filter(({ kind }) => kind === 'stream-ended')).toHaveLength(Object.keys(ledger).length)
    const requests = simulator.requests()
    expect(requests.length).toBeGreaterThan(30)
    for (const { method, path } of requests) expect(isAllowed('app', method, path)).toBe(true)
  })

  test('reads in the order of worth: failures first, then named events, then everything', async () => {
    const simulator = await shop()
    const { ledger } = await pull(simulator)
    const names = Object.keys(ledger).filter((name) => name.startsWith('activities/'))
    expect(names[0]).toBe('activities/failed_event')
    expect(names.indexOf('activities/undeliverable_push')).toBeLessThan(
      names.indexOf('activities/event:purchase'),
    )
    expect(names.at(-1)).toBe('activities/*')
    // A trigger event has its cursor although nobody named it.
    expect(names).toContain('activities/event:back_in_stock_requested')
  })

  test('is forecast from the count of people and the rate', async () => {
    const simulator = await shop()
    const { progress } = await pull(simulator, { client: { maxRate: 200 } })
    const [first] = progress
    expect(first).toMatchObject({ kind: 'forecast' })
    if (first?.kind === 'forecast') expect(first.seconds).toBe(Math.ceil(first.requests / 200))
  })

  test('reads the same from both shapes of the bulk read', async () => {
    const bare = await pull(await shop({ bulkShape: 'bare' }))
    const wrapped = await pull(await shop({ bulkShape: 'wrapped' }))
    expect(bare.hash).toBe(wrapped.hash)
  })

  test.each(['bare', 'required'] as const)(
    'finds out whether the bulk read wants a prefix: %s',
    async (cioIdPrefix) => {
      const { ledger, rows } = await pull(await shop({ cioIdPrefix }))
      expect(ledger['attributes']).toMatchObject({ read: 250, complete: true })
      expect(await rows("select value from meta where key = 'probe.cio_id_prefix'")).toEqual([
        { value: cioIdPrefix === 'bare' ? '' : 'cio_' },
      ])
      expect(
        await rows('select count(*) as n from profile where cio_id in (select cio_id from person)'),
      ).toEqual([{ n: 250 }])
    },
  )
})

describe('the bounds', () => {
  test('--since ends a stream once a whole page lies before it', async () => {
    const simulator = await shop({ people: 600 })
    const since = new Date(now.getTime() - 5 * 86_400_000)
    const { ledger, rows } = await pull(simulator, { since })
    const whole = await pull(simulator)
    expect(ledger['activities/*']).toMatchObject({ complete: true, ended: 'since bound' })
    expect(ledger['activities/*']?.read).toBeLessThan((whole.ledger['activities/*']?.read ?? 0) / 2)
    const inWindow = `select count(*) as n from activity where "at" >= '${since.toISOString()}'`
    expect(await rows(inWindow)).toEqual(await whole.rows(inWindow))
  })

  test('--max-activities cuts each stream exactly and makes it incomplete', async () => {
    const { ledger } = await pull(await shop(), { maxActivities: 130 })
    expect(ledger['activities/*']).toMatchObject({
      read: 130,
      complete: false,
      ended: 'max-activities bound',
    })
    expect(ledger['activities/failed_event']).toMatchObject({ complete: true })
  })
})

describe('a pull that was interrupted', () => {
  test('keeps what it read, goes on from there with its own window, and ends in the same snapshot', async () => {
    const simulator = await shop()
    const whole = await pull(simulator)
    for (const stopAt of [
      'campaign-actions',
      'people',
      'attributes',
      'activities/event:purchase',
      'activities/*',
    ]) {
      const stateDir = await interrupted(simulator, (told) => told.kind === 'page' && told.stream === stopAt)
      const kept = await openSnapshot({ stateDir, access: 'write' })
      expect(kept.ledger().length).toBeGreaterThan(0)
      await kept.close()
      const before = simulator.requests().length
      const resumed = await pull(simulator, { stateDir, since: new Date(now.getTime() - 29 * 86_400_000) })
      expect(resumed.hash).toBe(whole.hash)
      expect(
        resumed.progress.some((told) => told.kind === 'notice' && told.message.startsWith('Going on')),
      ).toBe(true)
      if (stopAt.startsWith('activities')) {
        const again = simulator
          .requests()
          .slice(before)
          .map(({ path }) => path)
        expect(again).not.toContain('/v1/customers')
      }
    }
  })

  test('begins anew for another --since, for --fresh, for more activities, and after a week', async () => {
    const simulator = await shop()
    const begun = (maxActivities?: number): Promise<string> =>
      interrupted(
        simulator,
        ({ kind }) => kind === 'stream-ended',
        maxActivities === undefined ? {} : { maxActivities },
      )
    const isResumed = ({ progress }: { progress: readonly { kind: string; message?: string }[] }) =>
      progress.some(({ message }) => message?.startsWith('Going on') === true)
    const since = new Date(now.getTime() - 10 * 86_400_000)
    expect(isResumed(await pull(simulator, { stateDir: await begun() }))).toBe(true)
    const other = await pull(simulator, { stateDir: await begun(), since, isSinceExplicit: true })
    expect(isResumed(other)).toBe(false)
    expect(await other.rows("select value from meta where key = 'since'")).toEqual([
      { value: since.toISOString() },
    ])
    expect(isResumed(await pull(simulator, { stateDir: await begun(), fresh: true }))).toBe(false)
    expect(isResumed(await pull(simulator, { stateDir: await begun(20) }))).toBe(false)
    const bound = { maxActivities: 20 }
    expect(isResumed(await pull(simulator, { stateDir: await begun(20), ...bound }))).toBe(true)
    expect(isResumed(await pull(simulator, { stateDir: await begun(), ...bound }))).toBe(true)
    expect(
      isResumed(
        await pull(simulator, {
          stateDir: await begun(),
          now: () => new Date(now.getTime() + 9 * 86_400_000),
        }),
      ),
    ).toBe(false)
  })

  test('goes on where the same --since 20d is given an hour later, and not where it reaches further back', async () => {
    const simulator = await shop()
    const day = 86_400_000
    const at = (hours: number, days: number): Parameters<typeof pull>[1] => ({
      now: () => new Date(now.getTime() + hours * 3_600_000),
      since: new Date(now.getTime() + hours * 3_600_000 - days * day),
      isSinceExplicit: true,
    })
    const resumedAt = async (hours: number, days: number): Promise<boolean> => {
      const stateDir = await interrupted(simulator, ({ kind }) => kind === 'stream-ended', at(0, 20))
      const { progress } = await pull(simulator, { ...at(hours, days), stateDir })
      return progress.some((told) => told.kind === 'notice' && told.message.startsWith('Going on'))
    }
    expect(await resumedAt(1, 20)).toBe(true)
    expect(await resumedAt(1, 21)).toBe(false)
    expect(await resumedAt(1, 10)).toBe(false)
  })

  test('reads a stream again whose cursor is no longer taken', async () => {
    const simulator = await shop()
    const whole = await pull(simulator)
    const stateDir = await interrupted(
      simulator,
      (told) => told.kind === 'page' && told.stream === 'activities/*' && told.read >= 300,
    )
    const spoilt = await openSnapshot({ stateDir, access: 'write' })
    const cursor = JSON.parse(spoilt.stream('activities/*')?.cursor ?? '{}') as object
    await spoilt.commit({
      stream: 'activities/*',
      read: 0,
      cursor: JSON.stringify({ ...cursor, next: 'bm9wZQ==' }),
    })
    await spoilt.close()
    const resumed = await pull(simulator, { stateDir })
    expect(resumed.hash).toBe(whole.hash)
    expect(resumed.progress).toContainEqual({
      kind: 'notice',
      message: expect.stringContaining('no longer valid'),
    })
  })
})

test('another workspace does not get into the state folder of the first', async () => {
  const simulator = await shop({ people: 20 })
  const first = await pull(simulator)
  const snapshotOf = first.stateDir
  const second = await openSnapshot({ stateDir: await tempDir(), access: 'write' })
  await second.openStream('workspace')
  await second.commit({ stream: 'workspace', read: 1, rows: { workspace: [[999n, 'Other', 1n, null]] } })
  await second.setMeta({ pull_started_at: now.toISOString(), since: now.toISOString() })
  const { stateDir } = second
  await second.close()
  await expect(pull(simulator, { stateDir })).rejects.toMatchObject({
    code: 'SNAPSHOT_OTHER_WORKSPACE',
    oclif: { exit: 2 },
    suggestions: [expect.stringContaining('--fresh')],
  })
  expect((await pull(simulator, { stateDir, fresh: true })).hash).toBe(first.hash)
  expect(snapshotOf).not.toBe(stateDir)
})

describe('an unfinished pull and another key', () => {
  const hidden = { endpoint: '/v1/workspaces', kind: 'forbidden' } as const
  const keys = (appKey: string) => ({ appKey, siteId: 'site', trackKey: 'track' })
  const begun = (simulator: Simulator): Promise<string> =>
    interrupted(simulator, (told) => told.kind === 'stream-ended' && told.stream.startsWith('activities'))
  const said = ({ progress }: Pulled): string[] =>
    progress.flatMap((told) => (told.kind === 'notice' ? [told.message] : []))

  test('begins anew where it may be of another workspace, and never holds people of both', async () => {
    const first = await shop({ people: 30, keys: keys('key-one'), faults: [hidden] })
    const second = await shop({ people: 30, seed: 12, keys: keys('key-two'), faults: [hidden] })
    const pulled = await pull(second, { stateDir: await begun(first) })
    expect(said(pulled)).toContainEqual(
      expect.stringMatching(/^The unfinished pull was begun with another key/),
    )
    expect(pulled.hash).toBe((await pull(second)).hash)
    const meta = JSON.stringify(await pulled.rows('from meta'))
    expect(meta).toContain('pull_key_mark')
    expect(meta).not.toContain('key-two')
  })

  test('goes on with the same key, and with a new key of a workspace that is known', async () => {
    const unknown = await shop({ people: 30, faults: [hidden] })
    expect(said(await pull(unknown, { stateDir: await begun(unknown) }))).toContainEqual(
      expect.stringMatching(/^Going on/),
    )
    const before = await shop({ people: 30, keys: keys('key-one') })
    const after = await shop({ people: 30, keys: keys('key-two') })
    expect(said(await pull(after, { stateDir: await begun(before) }))).toContainEqual(
      expect.stringMatching(/^Going on/),
    )
  })
})

/** What a shop's own code sends by the Track API. */
async function track(
  { trackUrl, siteId, trackKey }: Simulator,
  method: string,
  path: string,
  body?: string,
): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${siteId}:${trackKey}`).toString('base64')}`
  const response = await fetch(`${trackUrl}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  })
  expect(response.status).toBe(200)
}

test.each([
  { gone: 2, complete: true, ended: 'end of cursor' },
  // More than one in a hundred do not go within a pull: whatever left them out may have left out anybody.
  { gone: 3, complete: false, ended: 'fewer than expected' },
])('$gone of 250 who are left out of the bulk read are absent', async ({ gone, complete, ended }) => {
  const simulator = await shop()
  const stateDir = await interrupted(
    simulator,
    (told) => told.kind === 'stream-ended' && told.stream === 'people',
  )
  const snapshot = await openSnapshot({ stateDir, access: 'write' })
  const people = await snapshot.rows(raw('select cio_id from person order by cio_id'))
  await snapshot.close()
  const left = people.filter((_, n) => n % 2 === 0).slice(0, gone)
  for (const { cio_id } of left) await track(simulator, 'DELETE', `/api/v1/customers/cio_${String(cio_id)}`)
  const { ledger, rows } = await pull(simulator, { stateDir })
  expect(ledger['attributes']).toMatchObject({ read: 250 - gone, expected: 250, complete, ended })
  expect(await rows('select cio_id from absent order by cio_id')).toEqual(left)
})

test('hostile values come through unharmed', async () => {
  const simulator = await shop({ people: 20 })
  const data =
    '{"nul":"a\\u0000b","esc":"\\u001b[31mred","formula":"=cmd()","half":"x\\ud800y","long":"LONG"}'
  await track(
    simulator,
    'PUT',
    '/api/v1/customers/evil',
    '{"email":"evil@example.com","note":"a\\u0000\\u001b[2J\u2028"}',
  )
  await track(
    simulator,
    'POST',
    '/api/v1/customers/evil/events',
    `{"name":"=evil()","data":${data.replace('LONG', 'x'.repeat(90_000))}}`,
  )
  const { ledger, rows } = await pull(simulator)
  for (const entry of Object.values(ledger)) expect(entry).toMatchObject({ complete: true, rejected: 0 })
  const [event] =
    await rows(`select json_extract_string(data, '$.nul') as nul, json_extract_string(data, '$.esc') as esc,
    json_extract_string(data, '$.half') as half, strlen(json_extract_string(data, '$.long')) as long,
    json_extract_string(rest, '$.raw') as raw from activity where name = '=evil()'`)
  expect(event).toMatchObject({ nul: 'a\u0000b', esc: '\u001b[31mred', half: 'x\ufffdy', long: 90_000 })
  expect(event?.['raw']).toContain('"half":"x\\ud800y"')
  expect(
    await rows("select json_extract_string(attributes, '$.note') as note from profile where id = 'evil'"),
  ).toEqual([{ note: 'a\u0000\u001b[2J\u2028' }])
})
