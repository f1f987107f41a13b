import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import type { RuleMeta } from '../../src/audit/rule.ts'
import type { SourceKind } from '../../src/core/report.ts'
import { catalogue, deliberate, later } from './catalogue.ts'

const letters: Readonly<Record<SourceKind, string>> = {
  'app-api': 'A',
  'people-export': 'E',
  'warehouse-sync': 'W',
  pipelines: 'P',
}

/** As the list writes them. */
function sourcesOf({ sources, input }: RuleMeta): string {
  if (input === 'earlier-plan') return 'history'
  return (Object.keys(letters) as SourceKind[])
    .filter((kind) => sources[kind] !== 'none')
    .map((kind) => (sources[kind] === 'full' ? letters[kind] : letters[kind].toLowerCase()))
    .join('')
}

test('every rule of the list is there, and no other', () => {
  const ids = Object.keys(catalogue).filter((id) => !Object.hasOwn(later, id))
  expect(rules.map(({ meta }) => meta.id as string).toSorted()).toEqual(ids.toSorted())
})

test('each rule is as severe as the list says, and seen by the sources that it names', () => {
  const stated = rules.map(({ meta }) => {
    const [severity, sources] = catalogue[meta.id] ?? []
    const own = deliberate[meta.id]
    return [meta.id, own?.severity ?? severity, own?.sources ?? sources]
  })
  expect(rules.map(({ meta }) => [meta.id, meta.severity, sourcesOf(meta)])).toEqual(stated)
})

test('what is later or differs is of the list, with a reason, and is so still', () => {
  const ids = rules.map(({ meta }) => meta.id as string)
  for (const [id, reason] of Object.entries(later)) {
    expect(catalogue).toHaveProperty([id])
    expect(reason).not.toBe('')
    expect(ids).not.toContain(id)
  }
  for (const [id, { severity, sources, reason }] of Object.entries(deliberate)) {
    const [listed, shown] = catalogue[id] ?? []
    expect(reason).not.toBe('')
    expect([severity ?? listed, sources ?? shown]).not.toEqual([listed, shown])
  }
})
