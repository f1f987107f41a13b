import { expect, onTestFinished, test } from 'vitest'
import { FindingStore, type StoredFinding } from '../../src/audit/findings.ts'
import type { ListedFinding } from '../../src/core/finding.ts'
import { openDatabase } from '../../src/engine/database.ts'

const rules = ['devices/last', 'attributes/first', 'events/none', 'events/many']

/** Spread over the order in which they are to be read, so that each rule's lie apart. */
function finding(index: number, rule: string): StoredFinding {
  return {
    rule,
    fingerprint: `print-${index}`,
    subject: { kind: 'event', key: `subject "${index}"\n`, label: `label ${index}` },
    message: 'm'.repeat(index % 50),
    affected: (index * 7919) % 1000,
    unit: 'events',
    severity: 'warn',
    category: 'events',
    checklist: ['event-dedupe'],
    firstSeen: null,
    lastSeen: '2026-11-23T12:00:00Z',
    journeys: [{ id: 7, name: 'Ω "journey"' }],
    remediation: 'Mend it.',
    link: null,
    state: 'new',
    informative: index % 3 === 0,
    population: index % 2 === 0 ? null : 2 ** 40,
    place: (index * 31) % 4,
  }
}

const byOrder = (one: StoredFinding, other: StoredFinding): number =>
  Number(one.informative) - Number(other.informative) ||
  other.affected - one.affected ||
  one.place - other.place ||
  (one.subject.key < other.subject.key ? -1 : 1)

async function read(chunks: AsyncIterable<readonly ListedFinding[]>): Promise<readonly ListedFinding[]> {
  const all: ListedFinding[] = []
  for await (const chunk of chunks) all.push(...chunk)
  return all
}

test('ten thousand findings are read as they were added, by rule and by what counts most', async () => {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  onTestFinished(() => db.close())
  const store = await FindingStore.create(db)
  const counts = [2, 1, 0, 9999]
  const added = rules.map((rule, position) =>
    Array.from({ length: counts[position] ?? 0 }, (_, index) => finding(index, rule)),
  )
  for (const [position, findings] of added.entries()) await store.add(position, findings)
  await store.settle()
  const expected = added.map((findings) => findings.toSorted(byOrder))
  expect(await read(store.all())).toEqual(expected.flat())
  for (const [position, rule] of rules.entries()) {
    expect(await read(store.all(rule))).toEqual(expected[position])
  }
  expect(await read(store.all('no/such'))).toEqual([])
})
