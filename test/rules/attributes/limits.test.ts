import { expect, test } from 'vitest'
import rule from '../../../rules/attributes/limits.ts'
import { judge, messages } from '../support.ts'

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, '1']))
const person = (cio_id: string, attributes: Readonly<Record<string, string>>) => ({ cio_id, attributes })

test('each limit has its sentence, and every profile its line', async () => {
  const judged = await judge(rule, {
    profiles: [
      person('p1', many(301)),
      person('p2', many(400)),
      person('p3', { notes: 'x'.repeat(1001) }),
      person('p4', { notes: 'é'.repeat(600), _score: '1' }),
      person('p5', { ['ä'.repeat(76)]: '1', unsubscribed: 'perhaps' }),
    ],
  })
  expect(messages(judged)).toEqual([
    'More than 300 attributes are on 2 profiles (up to 400): Customer.io takes no more',
    '_score is a reserved name, and not used as Customer.io means it (1 profile)',
    'notes has values of up to 1200 bytes on 2 profiles, allowed are 1,000',
    'unsubscribed is a reserved name, and not used as Customer.io means it (1 profile)',
    `The name ${'ä'.repeat(40)}… has 152 bytes, allowed are 150 (1 profile)`,
  ])
  expect(judged.evidence.map(({ subject, cio_id, breach, size }) => [subject, cio_id, breach, size])).toEqual(
    expect.arrayContaining([
      ['*', 'p1', 'too-many', 301],
      ['*', 'p2', 'too-many', 400],
      ['_score', 'p4', 'reserved', 6],
      ['notes', 'p3', 'long-value', 1001],
      ['notes', 'p4', 'long-value', 1200],
      ['unsubscribed', 'p5', 'reserved', 7],
      ['ä'.repeat(76), 'p5', 'long-name', 152],
    ]),
  )
  expect(judged.evidence).toHaveLength(7)
  expect(judged.population).toBe(5)
  expect(judged.findings.map(({ affected }) => affected)).toEqual([2, 1, 2, 1, 1])
  expect(judged.findings.map(({ subject }) => subject.label)).toEqual([
    'more than 300 attributes',
    '_score',
    'notes',
    'unsubscribed',
    'ä'.repeat(76),
  ])
})

test('to the last byte of every limit is fine', async () => {
  const { findings } = await judge(rule, {
    profiles: [
      person('p1', many(300)),
      person('empty', { ...many(300), notes: '', more: '' }),
      person('p2', { notes: 'x'.repeat(1000), more: 'y'.repeat(1000), ['ä'.repeat(75)]: '1' }),
      person('p3', { _timestamp: '1', _update: 'true', cio_subscription_preferences: '{}' }),
      ...['1700000000', '1700000000.5', '0', '2024-03-01', '2024-03-01T10:00:00Z', ' '].map((time, n) =>
        person(`t${n}`, { created_at: time }),
      ),
      ...['true', 'False', '0', '1', ''].map((word, n) => person(`u${n}`, { unsubscribed: word })),
    ],
  })
  expect(findings).toEqual([])
})

test.each(['1700000000000', '01.03.2024', 'yesterday', '-5', '1,700,000,000'])(
  'created_at as %s is no time',
  async (time) => {
    const { findings } = await judge(rule, { profiles: [person('p1', { created_at: time })] })
    expect(findings.map(({ subject }) => subject.key)).toEqual(['created_at'])
  },
)

test('a name to the last byte that begins with an underscore is reserved, not too long', async () => {
  const judged = await judge(rule, {
    profiles: [
      person('p1', { [`_${'x'.repeat(149)}`]: '1' }),
      person('p2', { [`_${'x'.repeat(150)}`]: '1' }),
    ],
  })
  expect(judged.evidence.map(({ cio_id, breach, size }) => [cio_id, breach, size])).toEqual([
    ['p1', 'reserved', 150],
    ['p2', 'long-name', 151],
  ])
})
