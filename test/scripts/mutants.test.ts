import { describe, expect, test } from 'vitest'
import { mutantsOf } from '../../scripts/mutants/mutant.ts'
import { sample } from '../../scripts/mutants/sample.ts'

const changed = (source: string) => mutantsOf('x.ts', source).map((mutant) => mutant.source)

describe('TypeScript', () => {
  test.each([
    ['const a = b === c', ['const a = b !== c']],
    ['const a = b < c', ['const a = b <= c']],
    ['const a = b && c', ['const a = b || c']],
    ['const a = b ?? c', ['const a = b && c']],
    ['if (f(a)) b()', ['if (true) b()', 'if (false) b()']],
    ['const a = b.filter((c) => f(c))', ['const a = b']],
    ['const a = b.some(f)', ['const a = b.every(f)']],
    ['const a = !b', ['const a = b']],
    ['const a = b ? 1 : 0', ['const a = !b ? 1 : 0']],
    ['const a = b === c ? 1 : 0', ['const a = b !== c ? 1 : 0']],
    ['const maxShapes = 500', ['const maxShapes = 501']],
  ])('%s', (source, expected) => {
    expect(changed(source)).toEqual(expected)
  })

  test.each([
    ['a comment', '// a === b\n/* a && b */'],
    ['a text', "const a = 'b === c && d'"],
    ['a template', 'const a = `b === c`'],
    ['a regular expression', 'const a = /b === c/.test'],
    [
      'type arguments and arrows',
      'const a: Map<string, number> = new Map<string, number>()\nconst f = (): void => {}',
    ],
    ['imports', "import { a } from './where.ts'\nexport * from 'select a from b'"],
    ['prose', "const meta = { why: 'Ask where and when (select from = x)', title: 'where a = b' }"],
  ])('nothing in %s', (_, source) => {
    expect(changed(source)).toEqual([])
  })

  test('code inside a template is code', () => {
    expect(changed('const a = `x ${b === c} y`')).toEqual(['const a = `x ${b !== c} y`'])
  })
})

describe('SQL', () => {
  const sql = (text: string) =>
    changed(`const q = sql\`${text}\``).map((source) => source.slice('const q = sql`'.length, -1))

  test.each([
    ['select 1 from t where a = 1', ['select 1 from t where true', 'select 1 from t where a <> 1']],
    [
      'from t where a and f(b, c) group by d',
      ['from t where true and f(b, c) group by d', 'from t where a and true group by d'],
    ],
    ['from t where a or b', ['from t where true or b', 'from t where a or false']],
    ['select count(*) filter (where a) from t', ['select count(*) filter (where true) from t']],
    ['select case when a then 1 end', ['select case when true then 1 end']],
    ['from t having a > 1', ['from t having true', 'from t having a >= 1']],
    ['from t where a between 2 and 5', ['from t where true']],
    ['from t where a is not null', ['from t where true', 'from t where a is null']],
    ['from t where not a', ['from t where a', 'from t where true']],
    ['select coalesce(a, f(b, 1)) from t', ['select coalesce(a) from t']],
    [
      'from t where a = ${x} and b',
      ['from t where true and b', 'from t where a <> ${x} and b', 'from t where a = ${x} and true'],
    ],
    ["case a when ${b} then 'c' end where d", ["case a when ${b} then 'c' end where true"]],
    ["select 'where a = b' -- and c = d\nfrom t", []],
  ])('%s', (text, expected) => {
    expect(sql(text)).toEqual(expected)
  })

  test('in a plain string, and in what is given to raw', () => {
    expect(changed("const everyone = 'select a from t where b = 1'")).toHaveLength(2)
    expect(changed('db.run(raw(`delete from t where b = 1`))')).toHaveLength(2)
  })
})

test('a function whose SQL ends like an import is none', () => {
  const source = "export function f(): Query {\n  return sql`\n select a where b is distinct from 'c'`\n}"
  expect(mutantsOf('x.ts', source).map(({ what }) => what)).toEqual([
    'where true',
    'is distinct from for is not distinct from',
  ])
})

test('a comment names the mutants of the next line that no test can tell, with the reason', () => {
  const told = (comment: string) =>
    mutantsOf('x.ts', `${comment}\nconst a = b > 1 && c`).map(({ what, equivalent }) => [what, equivalent])
  expect(told('// equivalent mutants [> for >=; x]: only slower')).toEqual([
    ['> for >=', 'only slower'],
    ['&& for ||', null],
  ])
  expect(told('// nothing of the kind')).toEqual([
    ['> for >=', null],
    ['&& for ||', null],
  ])
})

test('each mutant names its line, and none is no program', () => {
  const mutants = mutantsOf('x.ts', 'const a = 1\nconst b = a === 1\n')
  expect(mutants.map(({ line, what }) => ({ line, what }))).toEqual([{ line: 2, what: '=== for !==' }])
})

test('a sample is the same for the same seed, in the order of the files, and another for another', () => {
  const items = Array.from({ length: 100 }, (_, index) => index)
  expect(sample(items, 10, 7)).toEqual(sample(items, 10, 7))
  expect(sample(items, 10, 7)).not.toEqual(sample(items, 10, 8))
  expect(sample(items, 10, 7)).toEqual(sample(items, 10, 7).toSorted((a, b) => a - b))
  expect(sample(items, 1000, 7)).toEqual(items)
})
