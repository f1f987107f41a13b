import { describe, expect, test } from 'vitest'
import { activitiesOf, bySubject, factsOf, isToken, nowSeconds, shop } from './shops.ts'

describe('broken: plain counting finds what the facts say of devices, and nothing else', () => {
  const population = shop('broken')
  type Person = (typeof population.people)[number]
  type Device = Person['devices'][number]
  const named = (rule: string): Record<string, string[]> => bySubject(factsOf(population, rule))

  test('what is wrong with devices', () => {
    const held = population.devices
    const ids = (holds: (device: Device) => boolean): string[] =>
      [...new Set(held.filter(({ device }) => holds(device)).map(({ cioId }) => cioId))].toSorted()
    const malformed = named('devices/malformed-token')
    expect(Object.keys(malformed).length).toBeGreaterThanOrEqual(12)
    expect(Object.values(malformed).flat().toSorted()).toEqual(ids(({ token }) => !isToken(token)))
    expect(named('devices/undeliverable-token')).toEqual({
      bounced: ids(({ attributes }) => attributes['_last_status'] === 'bounced'),
      suppressed: ids(({ attributes }) => attributes['_last_status'] === 'suppressed'),
    })
    expect(named('devices/stale-token')).toEqual({
      unused: ids(({ lastUsed }) => lastUsed !== null && nowSeconds - lastUsed > 270 * 86_400),
      'never-used': ids(({ lastUsed }) => lastUsed === null),
    })
    expect(ids(({ lastUsed }) => lastUsed === null).length).toBeGreaterThanOrEqual(5)
    expect(ids(({ lastUsed }) => lastUsed === nowSeconds - 3_600).length).toBeGreaterThanOrEqual(1)
    const besideAnother = population.people.filter(
      ({ devices }) => devices.length > 1 && devices.some(({ lastUsed }) => lastUsed === null),
    )
    expect(besideAnother.length).toBeGreaterThanOrEqual(1)
    const devicesOf = Map.groupBy(held, ({ cioId }) => cioId)
    const crowds = [...devicesOf].filter(([, devices]) => devices.length > 10)
    expect(crowds.length).toBeGreaterThanOrEqual(3)
    expect(named('devices/too-many')).toEqual(Object.fromEntries(crowds.map(([cioId]) => [cioId, [cioId]])))
    expect([...devicesOf.values()].filter((devices) => devices.length === 10).length).toBeGreaterThanOrEqual(
      1,
    )

    const builds = named('devices/debug-build')
    expect(Object.keys(builds).length).toBeGreaterThanOrEqual(5)
    for (const [build, holders] of Object.entries(builds)) {
      expect(holders).toEqual(
        ids(({ attributes }) => Object.values(attributes).some((value) => value === build)),
      )
    }
    const names = held.flatMap(({ device }) => [
      device.attributes['app_identifier'] ?? '',
      device.attributes['app_version'] ?? '',
    ])
    expect(
      [...new Set(names.filter((name) => /debug|staging|beta|\btest\b|\.dev$/i.test(name)))].toSorted(),
    ).toEqual(Object.keys(builds).toSorted())
    expect(names).toEqual(expect.arrayContaining(['com.northwindoutfitters.contest', '3.2.0-latest']))
    for (const name of ['app_version', 'device_os', 'cio_sdk_version']) {
      expect(named('devices/missing-metadata')[name]).toEqual(
        ids(({ attributes }) => (attributes[name] ?? '').trim() === ''),
      )
    }
  })

  test('platforms', () => {
    const said = population.devices.map(({ cioId, device }) => ({ cioId, platform: device.platform }))
    const silent = said.filter(({ platform }) => !platform).map(({ cioId }) => cioId)
    expect(new Set(silent).size).toBeGreaterThanOrEqual(5)
    expect(named('devices/missing-metadata')['platform']).toEqual([...new Set(silent)].toSorted())
    expect(new Set(said.filter(({ platform }) => !platform).map(({ platform }) => platform)).size).toBe(2)
    // Near misses: other spellings.
    const spelt = said.filter(({ platform }) => /[A-Z]/.test(platform ?? ''))
    expect(spelt.length).toBeGreaterThanOrEqual(2)
  })

  test('permission', () => {
    const said = ({ attributes }: Person): string => (attributes['push_opt_in'] ?? '').trim().toLowerCase()
    const yes = /^(true|1|yes)$/
    const no = /^(false|0|no)$/
    const ids = (holds: (person: Person) => boolean): string[] =>
      population.people
        .filter(holds)
        .map(({ cioId }) => cioId)
        .toSorted()
    const answers = ({ devices }: Person): string[] =>
      devices.map(({ attributes }) => attributes['push_enabled'] ?? '')
    const isSwitchedOff = (person: Person): boolean =>
      person.devices.length > 0 && answers(person).every((answer) => answer === 'false')
    expect(named('devices/permission-contradiction')).toEqual({
      'attribute-true': ids((person) => yes.test(said(person)) && isSwitchedOff(person)),
      'attribute-false': ids((person) => no.test(said(person)) && answers(person).includes('true')),
    })
    const inTheApp = new Set(
      activitiesOf(population)
        .filter(
          ({ timestamp, type, data }) =>
            timestamp > nowSeconds - 30 * 86_400 &&
            (type === 'screen' || (type === 'event' && /^(ios|android)$/.test(String(data['platform'])))),
        )
        .map(({ person }) => population.people[person]?.cioId),
    )
    expect(Object.values(named('devices/permission-untracked')).flat().toSorted()).toEqual(
      ids(
        (person) =>
          said(person) === '' &&
          answers(person).every((answer) => answer === '') &&
          (person.devices.length > 0 || inTheApp.has(person.cioId)),
      ),
    )
    const unreachable = named('devices/opted-in-unreachable')
    expect(Object.keys(unreachable).toSorted()).toEqual(
      ['bounced', 'disabled', 'dormant', 'malformed', 'no-device', 'shared'].toSorted(),
    )
    expect(unreachable['no-device']).toEqual(
      ids(
        (person) =>
          !person.unsubscribed &&
          yes.test(said(person)) &&
          person.devices.length === 0 &&
          inTheApp.has(person.cioId),
      ),
    )
    const isOff = ids((person) => !person.unsubscribed && yes.test(said(person)) && isSwitchedOff(person))
    expect(isOff).toEqual(expect.arrayContaining(unreachable['disabled'] ?? ['nobody']))
  })

  test('versions that go back and forth', () => {
    const histories = new Map<string, string[]>()
    const changes = activitiesOf(population)
      .filter(({ type }) => type === 'device_change')
      .toSorted((one, other) => one.timestamp - other.timestamp)
    for (const { person, data } of changes) {
      const alone = population.people[person]?.devices[0]?.token
      const token = String(data['id'] ?? data['token'] ?? alone)
      for (const field of ['app_version', 'cio_sdk_version']) {
        const change = data[field] as { from: string; to: string } | undefined
        if (change === undefined) continue
        const key = `${person} ${field} ${token}`
        histories.set(key, [...(histories.get(key) ?? [change.from]), change.to])
      }
    }
    const returnsOf = (versions: readonly string[]): number =>
      versions.filter((version, n) => n > 0 && versions[n - 1] !== version && versions.indexOf(version) < n)
        .length
    const flapping = [...histories]
      .filter(([, versions]) => returnsOf(versions) >= 2)
      .map(([key]) => key.split(' ')[2] ?? '')
    expect(Object.keys(named('devices/sdk-flapping')).toSorted()).toEqual([...new Set(flapping)].toSorted())
    expect(new Set(flapping).size).toBeGreaterThanOrEqual(10)
    expect([...histories.values()].some((versions) => returnsOf(versions) === 1)).toBe(true)
  })

  test('pushes that nobody got', () => {
    const lost = population.deliveries.flatMap(({ channel, metrics, person }) => {
      const outcome = ['bounced', 'undeliverable', 'dropped'].find((name) => metrics[name] !== undefined)
      if (channel !== 'push' || outcome === undefined || metrics['delivered'] !== undefined) return []
      return [{ outcome, cioId: population.people[person]?.cioId ?? '' }]
    })
    const byOutcome = Map.groupBy(lost, ({ outcome }) => outcome)
    expect(named('devices/push-outcomes')).toEqual(
      Object.fromEntries(
        [...byOutcome].map(([outcome, own]) => [outcome, own.map(({ cioId }) => cioId).toSorted()]),
      ),
    )
    expect(byOutcome.size).toBe(3)
    expect(population.deliveries.some(({ metrics }) => 'bounced' in metrics && 'delivered' in metrics)).toBe(
      true,
    )
  })
})
