import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import { audit } from '../../src/audit/index.ts'
import { isAboutPeople } from '../../src/audit/scope.ts'
import type { ExampleWorkspace } from '../../src/audit/rule.ts'
import { resolveJourneys } from '../../src/audit/scope.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { completeStreams, planOf, settings, snapshotRows, writeSnapshot } from '../support/workspace.ts'

/**
 * Forty journeys, each with an event and an attribute of its own and thirty people who sent that event. What is broken
 * for each of them is known, so that a verdict that looks beyond its journey is seen.
 */
const journeys = Array.from({ length: 40 }, (_, index) => index + 1)
type Defect = 'none' | 'event' | 'attribute' | 'people' | 'device'
const kinds: readonly Defect[] = ['none', 'event', 'attribute', 'people', 'device']
const defectOf = (journey: number): Defect => kinds[journey % kinds.length] ?? 'none'
/** A broken token matters only to a journey that sends pushes: half of them do. */
const sendsPush = (journey: number): boolean => journey % 2 === 0
const peopleEach = 30
const token = (journey: number, n: number): string => (journey * 1000 + n).toString(16).padStart(64, 'a')

function shop(): ExampleWorkspace {
  const members = journeys.flatMap((journey) =>
    Array.from({ length: peopleEach }, (_, n) => ({ journey, n, cio_id: `p${journey}-${n}` })),
  )
  const isBroken = (journey: number, n: number, defect: Defect): boolean =>
    n < 6 && defectOf(journey) === defect
  // An attribute is judged over everybody, so each has those of all journeys, or lacks the broken ones.
  const factsOf = (n: number) =>
    Object.fromEntries(
      journeys
        .filter((journey) => !isBroken(journey, n, 'attribute'))
        .map((journey) => [`fact_${journey}`, 'filled']),
    )
  const profiles = members.map(({ journey, n, cio_id }) => ({
    cio_id,
    id: `u-${journey}-${n}`,
    email: isBroken(journey, n, 'people')
      ? `shared-${journey}-${n % 3}@shop.test`
      : `person-${journey}-${n}@shop.test`,
    attributes: { push_opt_in: 'true', ...factsOf(n) },
    devices: [
      {
        token: isBroken(journey, n, 'device') ? `not a token ${journey} ${n}` : token(journey, n),
        lastUsed: '2026-11-20T10:00:00Z',
        attributes: { app_version: '3.2.0', device_os: '18', cio_sdk_version: '4.0.0', push_enabled: 'true' },
      },
    ],
  }))
  const events = members.map(({ journey, n, cio_id }) => ({
    cio_id,
    name: `thing_${journey}`,
    at: '2026-11-20T10:00:00Z',
    data: isBroken(journey, n, 'event') ? {} : { value: n },
  }))
  const value = { type: 'number', required: true, recommended: false } as const
  return {
    profiles,
    events,
    plan: Object.fromEntries(
      journeys.map((journey) => [`thing_${journey}`, { critical: true, properties: { value } }]),
    ),
    plannedAttributes: Object.fromEntries(
      journeys.map((journey) => [`fact_${journey}`, { required: true, appliesTo: 'all' as const }]),
    ),
    journeys: journeys.map((id) => ({
      id,
      name: `Journey no. ${id}`,
      state: id % 3 === 0 ? ('draft' as const) : ('running' as const),
      event: `thing_${id}`,
      filterSegments: [1],
      actions: [
        {
          id: id * 10,
          type: sendsPush(id) ? 'push' : 'email',
          body: `{{ event.value | default: 0 }} {{ customer.fact_${id} | default: "you" }}`,
        },
      ],
    })),
    segments: [{ id: 1, people: 100 }],
  }
}

const broken = [
  'events/missing-property',
  'attributes/missing',
  'identity/duplicate-email',
  'devices/malformed-token',
]

/** What is wrong with the one person whom journey 1 reaches is little beside what forty others do; journey 2 reaches nobody. */
function few(): ExampleWorkspace {
  const others = Array.from({ length: 40 }, (_, n) => `other-${n}`)
  const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString()
  const times = <Each>(count: number, make: (n: number) => Each): Each[] =>
    Array.from({ length: count }, (_, n) => make(n))
  const sent = (cio_id: string, name: string, minute: number) => ({
    cio_id,
    name,
    at: at(minute),
    data: { platform: 'ios', order_id: `${cio_id} ${minute}`, revenue: 1 },
  })
  return {
    profiles: ['rare', ...others].map((cio_id) => ({
      cio_id,
      id: `u-${cio_id}`,
      email: `${cio_id}@shop.test`,
      devices: [{ token: token(1, cio_id.length), lastUsed: at(0) }],
    })),
    events: [
      sent('rare', 'rare_thing', 0),
      ...times(30, (n) => sent('rare', 'purchase', n)),
      ...others.flatMap((cio_id) => [
        ...times(20, (n) => sent(cio_id, 'cart_updated', n)),
        ...times(5, (n) => sent(cio_id, 'purchase', 30 + n)),
      ]),
    ],
    activities: times(4, (n) => ({
      cio_id: 'rare',
      type: 'failed_event',
      at: at(n),
      data: { reason: 'too large' },
    })),
    journeys: [
      { id: 1, event: 'rare_thing' },
      { id: 2, event: 'never_sent' },
    ],
    plan: { cart_updated: { intent: 'cart' }, purchase: { intent: 'purchase' } },
  }
}

let folder: string
let counter = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cio-audit-scope-'))
  await writeSnapshot(join(folder, 'snapshot.duckdb'), snapshotRows(shop()), completeStreams)
  await writeSnapshot(join(folder, 'few.duckdb'), snapshotRows(few()), completeStreams)
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function outcomeFor(asked: readonly string[], only: readonly string[] = broken, name = 'snapshot') {
  counter += 1
  return await audit({
    snapshotPath: join(folder, `${name}.duckdb`),
    stateDir: join(folder, String(counter)),
    settings,
    plan: planOf(name === 'snapshot' ? shop() : few()),
    waivers: [],
    baseline: null,
    rules,
    only,
    skip: [],
    toolVersion: '0.0.0',
    journeys: asked,
  })
}

async function auditFor(asked: readonly string[]) {
  const outcome = await outcomeFor(asked)
  await outcome.close()
  return outcome.report
}

const ruleOf: Readonly<Record<Defect, string | null>> = {
  none: null,
  event: 'events/missing-property',
  attribute: 'attributes/missing',
  people: 'identity/duplicate-email',
  device: 'devices/malformed-token',
}

/** The rule that must fail for a journey, and no other. */
const expected = (journey: number): string[] => {
  const rule = ruleOf[defectOf(journey)]
  return rule === null || (defectOf(journey) === 'device' && !sendsPush(journey)) ? [] : [rule]
}

test.each(journeys)('journey %i fails by its own defect alone', { timeout: 60_000 }, async (journey) => {
  const report = await auditFor([String(journey)])
  expect(report.verdict.blocking).toEqual(expected(journey))
  expect(report.scope).toEqual({ journeys: [journey] })
  expect(report.elsewhere?.failing).toBe(4 - expected(journey).length)
})

test(
  'what lies elsewhere is counted as it is listed, and has its evidence',
  { timeout: 60_000 },
  async () => {
    const journey = journeys.find((one) => expected(one).length === 0) ?? 0
    const outcome = await outcomeFor([String(journey)])
    const listed: string[] = []
    for await (const findings of outcome.findings()) listed.push(...findings.map(({ rule }) => rule))
    await outcome.close()
    const { report } = outcome
    const inside = report.rules.reduce((sum, { findings }) => sum + findings.total, 0)
    expect(report.elsewhere?.findings).toBe(listed.length - inside)
    expect(outcome.rulesFound).toEqual(new Set(listed))
    // Also rules that found nothing within.
    expect(
      report.rules.some(({ rule, findings }) => findings.total === 0 && outcome.rulesFound.has(rule)),
    ).toBe(true)
  },
)

test('the whole workspace fails by all four, and says nothing of a scope', { timeout: 60_000 }, async () => {
  const report = await auditFor([])
  expect(report.verdict.blocking).toHaveLength(4)
  expect(report).not.toHaveProperty('scope')
  expect(report).not.toHaveProperty('elsewhere')
})

test(
  'several journeys count together; names are found whatever their case',
  { timeout: 60_000 },
  async () => {
    const report = await auditFor(['journey NO. 1 ', '2', 'Journey no. 2'])
    expect(report.scope).toEqual({ journeys: [1, 2] })
    expect(report.verdict.blocking.toSorted()).toEqual([...expected(1), ...expected(2)].toSorted())
  },
)

test(
  'counts, rates and the findings that are listed are those of the journey',
  { timeout: 60_000 },
  async () => {
    const report = await auditFor(['3'])
    const rule = report.rules.find((result) => result.rule === 'identity/duplicate-email')
    expect(rule).toMatchObject({ affected: 6, population: { count: peopleEach }, rate: 6 / peopleEach })
    expect(rule?.findings).toMatchObject({ total: 3 })
    expect(rule?.findings.listed.map(({ subject }) => subject.label)).toEqual([
      'shared-3-0@shop.test',
      'shared-3-1@shop.test',
      'shared-3-2@shop.test',
    ])
    const line = report.journeys.find(({ id }) => id === 3)
    expect(line).toMatchObject({ state: 'draft', decision: 'no-go' })
  },
)

test('formats that show only some findings get those of the journey first', { timeout: 60_000 }, async () => {
  const outcome = await outcomeFor(['3'])
  const found = (await Array.fromAsync(outcome.findings('identity/duplicate-email'))).flat()
  await outcome.close()
  expect(found.length).toBeGreaterThan(3)
  expect(found.slice(0, 3).map(({ subject }) => subject.label)).toEqual([
    'shared-3-0@shop.test',
    'shared-3-1@shop.test',
    'shared-3-2@shop.test',
  ])
})

test.each(['events/rejected', 'events/broken-funnel'])(
  '%s: what others do makes no rate of the journey smaller',
  { timeout: 60_000 },
  async (id) => {
    const statusOf = async (asked: readonly string[]) => {
      const outcome = await outcomeFor(asked, [id], 'few')
      await outcome.close()
      return outcome.report.rules.find(({ rule }) => rule === id)?.status
    }
    expect(await statusOf([])).toBe('pass')
    expect(await statusOf(['1'])).toBe('fail')
  },
)

test('a journey that reaches nobody is judged by nobody', { timeout: 60_000 }, async () => {
  const outcome = await outcomeFor(
    ['2'],
    rules.map(({ meta }) => meta.id),
    'few',
  )
  await outcome.close()
  const ofPeople = rules.filter(isAboutPeople).map(({ meta }) => meta.id as string)
  const counted = outcome.report.rules.filter(({ population }) => population.count > 0)
  expect(counted.map(({ rule }) => rule).filter((rule) => ofPeople.includes(rule))).toEqual([])
})

test('a name that nobody bears is wrong usage, with the one that was meant', async () => {
  await expect(auditFor(['Jurney no. 12'])).rejects.toMatchObject({
    code: 'USAGE_JOURNEY',
    message: 'No journey has the id or name Jurney no. 12; did you mean Journey no. 12?',
    oclif: { exit: 2 },
  })
  await expect(auditFor(['Harvest'])).rejects.toMatchObject({
    message: 'No journey has the id or name Harvest.',
  })
})

test('a journey that may be in the part of the list that was not read is not denied', async () => {
  const path = join(folder, 'cut.duckdb')
  const streams = completeStreams.map((stream) =>
    stream.name === 'campaigns' ? { ...stream, complete: false, ended: 'forbidden (403)' } : stream,
  )
  await writeSnapshot(path, snapshotRows({}), streams)
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  onTestFinished(() => db.close())
  await db.run(raw(`attach '${path}' as snap (read_only)`))
  await expect(resolveJourneys(db, ['5'])).rejects.toMatchObject({
    code: 'USAGE_JOURNEY',
    suggestions: [expect.stringContaining('was not read to its end (forbidden (403))')],
  })
})
