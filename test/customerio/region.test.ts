import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RefusedError } from '../../src/core/errors.ts'
import { checkTrackKey, findRegion } from '../../src/customerio/index.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import type { Simulator } from '../../src/simulator/index.ts'

const shop = { people: 20, seed: 1, variant: 'sterile', now: new Date('2026-11-20T12:00:00Z') } as const
let mine: Simulator
let other: Simulator
beforeAll(async () => {
  mine = await startSimulator(shop)
  other = await startSimulator({ ...shop, faults: [{ kind: 'wrong-region' }] })
})
afterAll(() => Promise.all([mine.close(), other.close()]))

describe('the region of a key', () => {
  test('is the one whose host knows it', async () => {
    const appKey = mine.appKey
    expect(await findRegion({ appKey, hosts: { us: mine.appUrl, eu: other.appUrl } })).toBe('us')
    expect(await findRegion({ appKey, hosts: { us: other.appUrl, eu: mine.appUrl } })).toBe('eu')
  })

  test('is none when both refuse it', async () => {
    const asked = findRegion({
      appKey: mine.trackKey,
      hosts: { us: mine.appUrl, eu: mine.appUrl },
      hints: { isTrackKey: true },
    })
    await expect(asked).rejects.toThrow(RefusedError)
    await expect(asked).rejects.toMatchObject({
      code: 'SOURCE_KEY_REFUSED',
      suggestions: [expect.stringContaining('holds the Track API key')],
    })
  })
})

describe('the Track key', () => {
  test('tells its region and its workspace', async () => {
    const { siteId, trackKey, trackUrl } = mine
    expect(await checkTrackKey({ siteId, trackKey, baseUrl: trackUrl })).toEqual({
      region: 'us',
      workspaceId: 101n,
    })
  })

  test('is refused with its own words', async () => {
    const asked = checkTrackKey({ siteId: mine.siteId, trackKey: mine.appKey, baseUrl: mine.trackUrl })
    await expect(asked).rejects.toMatchObject({ code: 'SOURCE_TRACK_KEY_REFUSED', oclif: { exit: 4 } })
  })
})
