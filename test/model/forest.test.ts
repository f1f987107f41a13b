import { expect, test } from 'vitest'
import { Forest } from '../../src/model/forest.ts'
import { strengthOf, type Evidence } from '../../src/model/shared-identifiers.ts'

interface Holder {
  readonly addresses?: readonly string[]
  readonly ids?: readonly string[]
}
type Group = readonly [Evidence, Readonly<Record<string, Holder>>]

/** The trees of two and more components. */
function trees(...groups: readonly Group[]): string[] {
  const forest = new Forest()
  for (const [evidence, holders] of groups) {
    forest.offer({
      strength: strengthOf(evidence),
      components: Object.keys(holders),
      // The engine has no list where nothing is in it.
      addresses: Object.values(holders).map(({ addresses }) => addresses ?? null),
      ids: Object.values(holders).map(({ ids }) => ids ?? null),
    })
  }
  return [...Map.groupBy(forest.roots(), ([, root]) => root).values()]
    .filter((tree) => tree.length > 1)
    .map((tree) => tree.map(([component]) => component).join(' '))
}

const ana = { addresses: ['ana'] }
const bo = { addresses: ['bo'] }

test.each<[string, string[], Group[]]>([
  ['nothing contradicts', ['a b c'], [['phone', { a: {}, b: ana, c: ana }]]],
  ['two addresses', [], [['id-core', { a: ana, b: bo }]]],
  ['an address each in one of three', ['a b'], [['id-core', { a: ana, b: {}, c: bo }]]],
  ['two addresses on a shared phone, which then joins nobody', [], [['phone', { a: ana, b: {}, c: bo }]]],
  ['two addresses on a shared token', [], [['token', { a: ana, b: {}, c: bo }]]],
  ['two ids on a token', [], [['token', { a: { ids: ['1'] }, b: { ids: ['2'] } }]]],
  ['two ids on a token that a third holds', [], [['token', { a: {}, b: { ids: ['1'] }, c: { ids: ['2'] } }]]],
  ['two ids on a phone', ['a b'], [['phone', { a: { ids: ['1'] }, b: { ids: ['2'] } }]]],
  ['an id on one side', ['a b'], [['token', { a: {}, b: { ids: ['1'] } }]]],
  ['an id on the other side', ['a b'], [['token', { a: { ids: ['1'] }, b: {} }]]],
  ['one id of two in common', ['a b'], [['token', { a: { ids: ['1', '2'] }, b: { ids: ['2', '3'] } }]]],
])('%s', (_, expected, groups) => {
  expect(trees(...groups)).toEqual(expected)
})

test('what was joined counts for what comes after', () => {
  const chain: Group[] = [
    ['id-spelling', { a: ana, b: {} }],
    ['id-core', { b: {}, c: {} }],
    ['id-core', { a: ana, c: {} }],
    ['id-core', { d: {}, b: {} }],
  ]
  expect(trees(...chain)).toEqual(['a b c d'])
  expect(trees(...chain, ['phone', { d: {}, e: bo }])).toEqual(['a b c d'])
  expect(trees(...chain, ['phone', { d: {}, e: ana }])).toEqual(['a b c d e'])
  const sameId: Group = ['id-spelling', { a: { ids: ['1'] }, b: {} }]
  expect(trees(sameId, ['token', { b: {}, c: { ids: ['2'] } }])).toEqual(['a b'])
  expect(trees(sameId, ['token', { c: { ids: ['2'] }, b: {} }])).toEqual(['a b'])
})
