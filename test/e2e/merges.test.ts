import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { startSimulator, type Simulator } from '../../src/simulator/index.ts'
import { snapshotPath } from '../../src/snapshot/index.ts'
import { envOf, runCli, tempFolder } from '../support/cli.ts'

const cleanUps: (() => Promise<void>)[] = []
const now = new Date()
let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ people: 400, seed: 11, variant: 'broken', now })
  cleanUps.push(() => simulator.close())
})
afterAll(async () => {
  for (const work of cleanUps.toReversed()) await work()
})

/** What a shell loop would do with the file: each line is a body. */
async function send(lines: readonly string[]): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${simulator.siteId}:${simulator.trackKey}`).toString('base64')}`
  for (const body of lines) {
    const answer = await fetch(`${simulator.trackUrl}/api/v2/batch`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body,
    })
    expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 200, body: '{}' })
  }
}

/** Of the kind that nearly everybody has, so that these profiles are the ones to keep. */
const ids = ['5f0c2a9e-1111-4b6d-9a00-0d9c1e2f3a41', '5f0c2a9e-2222-4b6d-9a00-0d9c1e2f3a42'] as const

type Row = Record<string, string>
interface Seen {
  readonly suggestions: readonly Row[]
  /** Lines of the two files. */
  readonly safe: readonly string[]
  readonly review: readonly string[]
  readonly findings: readonly string[]
  readonly events: readonly string[]
  readonly tokens: readonly string[]
  readonly people: ReadonlyMap<string, Record<string, string | null>>
}

/** A whole run: what it reports, and what it pulled. */
async function look(): Promise<Seen> {
  const cwd = await tempFolder((work) => void cleanUps.push(work))
  const { code } = await runCli(['run', '--out', 'audit'], { cwd, env: envOf(simulator) })
  expect(code).toBe(1)
  const text = (name: string) => readFile(join(cwd, 'audit', name), 'utf8')
  const rows = async (name: string) => parse<Row>(await text(name), { columns: true })
  const lines = async (name: string) => (await text(name)).split('\n').filter((line) => line !== '')
  const db = await openDatabase({ path: snapshotPath(join(cwd, '.cio-audit')), access: 'read' })
  const column = async (query: string) => (await db.rows(raw(query))).map(({ value }) => String(value))
  const people = await db.rows(raw('select cio_id, attributes from profile'))
  const seen = {
    suggestions: await rows('merge-suggestions.csv'),
    safe: await lines('merge-suggestions.jsonl'),
    review: await lines('merge-suggestions-review.jsonl'),
    findings: (await rows('findings.csv')).map(({ rule, message }) => `${rule}: ${message}`),
    events: await column("select distinct id as value from activity where type = 'event' order by 1"),
    tokens: await column('select distinct token as value from device order by 1'),
    people: new Map(
      people.map(({ cio_id, attributes }) => [
        String(cio_id),
        JSON.parse(String(attributes)) as Record<string, string | null>,
      ]),
    ),
  }
  db.close()
  return seen
}

const own = new Set(['id', 'cio_id', 'email', 'created_at', 'unsubscribed'])

/** Of a phone the digits count, however they are written. */
const plain = (name: string, value: string | null = ''): string =>
  name === 'phone' ? (value ?? '').replaceAll(/\D/g, '') : (value ?? '').trim()

/** Names of attributes whose value the secondary had and the primary has not after the merge. */
function lost(before: Seen, after: Seen, { primary_cio_id = '', secondary_cio_id = '' }: Row): string[] {
  const kept = after.people.get(primary_cio_id) ?? {}
  return Object.entries(before.people.get(secondary_cio_id) ?? {})
    .filter(
      ([name, value]) =>
        !own.has(name) && plain(name, value) !== '' && plain(name, kept[name]) !== plain(name, value),
    )
    .map(([name]) => name)
    .toSorted()
}

test(
  'the suggested merges, sent by hand, leave no cluster and lose nothing but what they named',
  { timeout: 300_000 },
  async () => {
    const newcomer = (id: string, email: string, attributes: object) => ({
      type: 'person',
      action: 'identify',
      identifiers: { id },
      attributes: { email, ...attributes },
    })
    const twin = (email: string, attributes: object) => ({
      type: 'person',
      action: 'identify',
      identifiers: { email },
      attributes,
    })
    const operations = [
      newcomer(ids[0], 'ana.safe@northwind.example', { plan: 'pro' }),
      twin(' ana.safe@northwind.example', { city: 'Rome' }),
      newcomer(ids[1], 'bo.safe@northwind.example', {}),
      twin('bo.safe@northwind.example ', { plan: 'free' }),
      {
        type: 'person',
        action: 'add_device',
        identifiers: { email: 'bo.safe@northwind.example ' },
        device: { token: 'b'.repeat(64), platform: 'ios', attributes: { push_enabled: true } },
      },
      {
        type: 'person',
        action: 'event',
        identifiers: { email: 'bo.safe@northwind.example ' },
        name: 'purchase',
        attributes: { order_id: 'ORD-1' },
      },
    ]
    await send([JSON.stringify({ batch: operations })])

    const before = await look()
    const safe = before.suggestions.filter(({ safety }) => safety === 'safe')
    expect(
      safe.map(({ primary_id, secondary_id, devices_moved }) => [primary_id, secondary_id, devices_moved]),
    ).toEqual(
      expect.arrayContaining([
        [ids[0], '', '0'],
        [ids[1], '', '1'],
      ]),
    )
    const review = before.suggestions.filter(({ safety }) => safety === 'review')
    expect(review.length).toBeGreaterThan(20)

    await send(before.safe)
    const between = await look()
    expect(between.suggestions).toEqual(
      review.map((row) => expect.objectContaining({ secondary_cio_id: row['secondary_cio_id'] })),
    )
    for (const row of safe) {
      expect(between.people.has(row['secondary_cio_id'] ?? '')).toBe(false)
      expect(lost(before, between, row)).toEqual([])
    }
    expect(between.events).toEqual(before.events)
    expect(between.tokens).toEqual(before.tokens)

    await send(between.review)
    const after = await look()
    expect(after.suggestions).toEqual([])
    expect([...after.safe, ...after.review]).toEqual([])
    expect(
      before.findings.filter((text) => text.startsWith('identity/split-history')).length,
    ).toBeGreaterThan(5)
    expect(after.findings.filter((text) => text.startsWith('identity/split-history'))).toEqual([])
    // A loop is nobody's second profile: it is not merged, and stays.
    const duplicates = after.findings.filter((text) => text.startsWith('identity/duplicate-email'))
    expect(duplicates.filter((text) => !text.includes('in a loop'))).toEqual([])
    expect(duplicates.length).toBeGreaterThan(0)
    expect(after.events).toEqual(before.events)
    expect(after.tokens).toEqual(before.tokens)
    const merged = new Map(Map.groupBy(review, (row) => row['primary_cio_id'] ?? ''))
    for (const [, rows] of merged) {
      // Of three profiles the second may already have given what the third has otherwise.
      const [row] = rows
      if (rows.length > 1 || row === undefined) continue
      const named = (row['conflicts'] ?? '').split('; ').filter((name) => name !== '' && !own.has(name))
      expect({ row, lost: lost(between, after, row) }).toEqual({ row, lost: named.toSorted() })
    }
  },
)
