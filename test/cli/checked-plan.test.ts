import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readCheckedPlan } from '../../src/cli/checked-plan.ts'
import { tempFolder } from '../support/cli.ts'

async function check(text: string) {
  const cwd = await tempFolder(onTestFinished)
  await writeFile(join(cwd, 'tracking-plan.yaml'), text)
  return await readCheckedPlan(undefined, cwd)
}

test('no file is no plan', async () => {
  expect(await readCheckedPlan(undefined, await tempFolder(onTestFinished))).toBeNull()
})

test('a pattern that unfolds to more than the engine takes is named with its place, wherever it stands', async () => {
  const property = (name: string): string => `{ type: string, pattern: '(\\pL{500}){2}' } # ${name}`
  const text = `attributes:
  a: ${property('attribute')}
events:
  b:
    properties:
      c: ${property('property')}
      d: { type: array, items: { e: ${property('item').replace(/ #.*/, '')} } }
      f: { type: object, properties: { g: { type: string, pattern: '((a{30}){30}){30}' } } }
`
  await expect(check(text)).rejects.toMatchObject({
    message: expect.stringMatching(
      /^tracking-plan\.yaml:2:\d+: attributes\.a\.pattern: [^\n]*too large[^\n]*\n[^\n]*:6:\d+: events\.b\.properties\.c\.pattern[^\n]*\n[^\n]*:7:\d+: events\.b\.properties\.d\.items\.e\.pattern[^\n]*\n[^\n]*:8:\d+: events\.b\.properties\.f\.properties\.g\.pattern[^\n]*repetition/,
    ) as string,
  })
})

test('patterns that explode elsewhere are fine here: the engine answers in linear time', async () => {
  const read = await check(`events: { a: { properties: { b: { type: string, pattern: '(a+)+$' } } } }`)
  expect(read?.plan.events['a']?.properties['b']).toMatchObject({ pattern: '(a+)+$' })
})

const many = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n')

test('ten thousand events are a plan, and are read in bounded time', { timeout: 10_000 }, async () => {
  const read = await check(
    `events:\n${many(10_000, (at) => `  event_${at}: { critical: true, aliases: [old_${at}] }`)}`,
  )
  expect(Object.keys(read?.plan.events ?? {})).toHaveLength(10_000)
})

test('more attributes or properties than anything holds are refused', async () => {
  const attributes = (count: number) => `attributes:\n${many(count, (at) => `  a_${at}: { type: string }`)}`
  expect(await check(attributes(1000))).not.toBeNull()
  await expect(check(attributes(1001))).rejects.toThrow(
    'tracking-plan.yaml:1:1: attributes: found 1001, allowed are 1000 (Customer.io keeps 300 for a person)',
  )
  const properties = (count: number) =>
    `events:\n  a:\n    properties:\n      items:\n        type: array\n        items:\n${many(count - 1, (at) => `          p_${at}: { type: string }`)}`
  expect(await check(properties(500))).not.toBeNull()
  await expect(check(properties(501))).rejects.toThrow(
    'tracking-plan.yaml:2:3: events.a.properties: found 501, allowed are 500',
  )
})

test('former names that go round in a circle, and a part that holds itself, end with a sentence', async () => {
  await expect(check('events:\n  a: { aliases: [b] }\n  b: { aliases: [a] }\n')).rejects.toThrow(
    /:2:\d+: events\.a\.aliases\[0\]: "b" is itself a planned event/,
  )
  await expect(check('events:\n  a: &x\n    properties: *x\n')).rejects.toThrow(
    'the alias *x stands inside what it stands for',
  )
})
