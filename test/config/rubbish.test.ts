import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { loadBaseline, loadPlan, loadSettings, loadWaivers, readEnvironment } from '../../src/config/index.ts'
import { UsageError } from '../../src/core/errors.ts'
import { inFolder } from './support.ts'

/** Text that is nearly YAML: its words and marks in any order. */
const fragment = fc.oneof(
  fc.constantFrom(
    'version: 1',
    'rules',
    'events',
    'attributes',
    'identity',
    'attest',
    'push',
    'properties',
    'items',
    'type: array',
    'type',
    'string',
    'off',
    'null',
    '~',
    '__proto__',
    'constructor',
    '<<',
    'staleAfter: 5m',
    'maxRate: 2',
    'pattern: "("',
    'expires: 2026-01-01',
    ':',
    ': ',
    '- ',
    '? ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '|',
    '>',
    '&a ',
    '*a',
    '!t ',
    '#',
    '%',
    '@',
    '`',
    '\t',
    '\n',
    '\n  ',
    '\n    ',
    '\r\n',
    '---',
    '...',
    '.nan',
    '-.inf',
    '0x1F',
    '1e999',
    '\\x',
    '\u0000',
    '\u001b[2J',
    '\ud800',
    '\u2028',
    '\ufeff',
  ),
  fc.string({ maxLength: 6, unit: 'binary' }),
)
const rubbish = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join(''))
/** Trees of the right words with the wrong content reach the schemas more often than loose text does. */
const key = fc.constantFrom(
  'version',
  'rules',
  'events',
  'attributes',
  'identity',
  'canonicalId',
  'attest',
  'event-dedupe',
  'push',
  'report',
  'properties',
  'items',
  'type',
  'min',
  'max',
  'enum',
  'pattern',
  'aliases',
  'options',
  '__proto__',
  'toString',
  'a/b',
  '',
)
const leaf = fc.oneof(
  fc.constantFrom('array', 'object', 'off', '5m', '(?=x)', '1.0.0'),
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}))

async function onlyUsageErrors(
  content: string,
  name: string,
  load: (folder: string) => unknown,
): Promise<void> {
  await inFolder({ [name]: content }, async (folder) => {
    try {
      await load(folder)
    } catch (cause) {
      expect(cause).toBeInstanceOf(UsageError)
      expect((cause as UsageError).message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
      expect((cause as UsageError).message.split('\n').length).toBeLessThanOrEqual(11)
    }
  })
}

const files: [string, (folder: string) => unknown][] = [
  ['cio-audit.yaml', (folder) => loadSettings(undefined, folder, async () => ['a/b'])],
  ['tracking-plan.yaml', (folder) => loadPlan(undefined, folder)],
  ['waivers.csv', (folder) => loadWaivers(undefined, folder)],
  ['cio-audit.baseline.json', (folder) => loadBaseline(undefined, folder)],
  ['.env', (folder) => readEnvironment({}, folder)],
]

test.each(files)('rubbish in %s ends in a usage error, if in any', async (name, load) => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        rubbish,
        tree.map((value) => JSON.stringify(value)),
      ),
      (content) => onlyUsageErrors(content, name, load),
    ),
    { numRuns: 300 },
  )
})
