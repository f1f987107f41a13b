import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadSettings } from '../../src/config/index.ts'
import { inFolder, usageError } from './support.ts'

const rules = ['identity/duplicate-email', 'events/noisy', 'events/duplicate-burst']

const load = (yaml: string | Uint8Array, knownRules?: readonly string[]) =>
  inFolder({ 'cio-audit.yaml': yaml }, (folder) =>
    loadSettings(undefined, folder, knownRules && (async () => knownRules)),
  )

const messageOf = async (yaml: string | Uint8Array, knownRules?: readonly string[]) =>
  (await usageError(() => load(yaml, knownRules))).message

const example = `
workspace: { name: Shop production, links: false }
identity:
  maxShare: 7
  canonicalId: { pattern: uuid }
  authEvents: [login]
  defaultCountry: DE
  placeholders: [Nobody]
push:
  optInAttribute: wants_push
  staleAfter: 12h
testProfiles:
  emails: ["*@shop.example", "*+test@*"]
  attribute: is_test
defaults: { minPopulation: 10, minAffected: 1 }
rules:
  identity/duplicate-email: { severity: warn, maxRate: 0.005, maxCount: 4, minPopulation: 5, minAffected: 2 }
  events/duplicate-burst: { options: { window: 10s } }
  events/noisy: off
attest:
  event-dedupe: { reason: "guarded", owner: crm@shop.example, on: 2026-11-02, expires: 2027-02-01 }
report: { redact: true, examples: 3 }
history: { keep: 9 }
notify: { urlFrom: SLACK_WEBHOOK_URL, on: [no-go, go], link: "\${CI_JOB_URL}" }
customRules: ["./rules/*.ts"]
`

describe('a config that is fine', () => {
  test('is read with every value', async () => {
    expect(await load(example, rules)).toEqual({
      origin: 'cio-audit.yaml',
      workspace: { name: 'Shop production', id: null, links: false },
      identity: {
        maxShare: 7,
        canonicalId: 'uuid',
        authEvents: ['login'],
        defaultCountry: 'DE',
        placeholders: ['nobody'],
      },
      push: { optInAttribute: 'wants_push', staleAfterSeconds: 43_200 },
      testProfiles: { emails: ['*@shop.example', '*+test@*'], attribute: 'is_test' },
      defaults: { minPopulation: 10, minAffected: 1 },
      rules: {
        'identity/duplicate-email': {
          enabled: true,
          severity: 'warn',
          maxRate: 0.005,
          maxCount: 4,
          minPopulation: 5,
          minAffected: 2,
        },
        'events/duplicate-burst': { enabled: true, options: { window: '10s' } },
        'events/noisy': { enabled: false },
      },
      attest: {
        'event-dedupe': {
          reason: 'guarded',
          owner: 'crm@shop.example',
          on: '2026-11-02',
          expires: '2027-02-01',
        },
      },
      report: { redact: true, examples: 3 },
      history: { keep: 9 },
      notify: { urlFrom: 'SLACK_WEBHOOK_URL', on: ['no-go', 'go'], link: '${CI_JOB_URL}' },
      customRules: ['./rules/*.ts'],
    })
  })

  test.each([
    ['absent', null],
    ['empty', ''],
    ['only comments', '# nothing yet\n'],
    ['a byte order mark', '\ufeff'],
    ['sections without content', 'rules:\nattest:\ndefaults:\nidentity:\n  canonicalId:\n'],
  ])('gives the defaults when it is %s', async (_, yaml) => {
    const settings =
      yaml === null ? await inFolder({}, (folder) => loadSettings(undefined, folder)) : await load(yaml)
    expect(settings).toEqual({
      origin: yaml === null ? 'defaults' : 'cio-audit.yaml',
      workspace: { name: null, id: null, links: true },
      identity: {
        maxShare: 5,
        canonicalId: 'auto',
        authEvents: ['login', 'signup'],
        defaultCountry: 'US',
        placeholders: [],
      },
      push: { optInAttribute: 'push_opt_in', staleAfterSeconds: 270 * 86_400 },
      testProfiles: { emails: [], attribute: null },
      defaults: { minPopulation: 30, minAffected: 3 },
      rules: {},
      attest: {},
      report: { redact: false, examples: 20 },
      history: { keep: 90 },
      notify: null,
      customRules: [],
    })
  })

  test.each([
    ['10s', 10],
    ['5m', 300],
    ['12h', 43_200],
    ['270d', 23_328_000],
    ['2w', 1_209_600],
  ])('reads %s as %i seconds', async (text, seconds) => {
    expect((await load(`push: { staleAfter: ${text} }`)).push.staleAfterSeconds).toBe(seconds)
  })

  test('switches a rule off by off and by false, and keeps one without content on', async () => {
    const { rules: read } = await load('rules:\n  a/b: off\n  a/c: false\n  a/d:\n')
    expect(read).toEqual({ 'a/b': { enabled: false }, 'a/c': { enabled: false }, 'a/d': { enabled: true } })
  })

  test('follows aliases', async () => {
    const { rules: read } = await load('rules:\n  a/b: &limits { maxCount: 3 }\n  a/c: *limits\n')
    expect(read['a/c']).toEqual({ enabled: true, maxCount: 3 })
  })

  test('is named relative to the current folder, wherever it is', async () => {
    await inFolder({ 'other.yaml': '' }, async (folder) => {
      await mkdir(join(folder, 'sub'))
      expect((await loadSettings('other.yaml', folder)).origin).toBe('other.yaml')
      expect((await loadSettings(join(folder, 'other.yaml'), folder)).origin).toBe('other.yaml')
      expect((await loadSettings('../other.yaml', join(folder, 'sub'))).origin).toBe('../other.yaml')
    })
  })
})

describe('what is wrong is told with line, column, path, what was found and what is allowed', () => {
  test.each([
    [
      'rules:\n  events/noisy: { maxRate: 1.5 }',
      '2:28: rules.events/noisy.maxRate: found 1.5, allowed is a number from 0 to 1',
    ],
    [
      'rules:\n  events/noisy: { maxRate: -0.1 }',
      '2:28: rules.events/noisy.maxRate: found -0.1, allowed is a number from 0 to 1',
    ],
    [
      'rules:\n  events/noisy: { maxCount: 1.5 }',
      '2:29: rules.events/noisy.maxCount: found 1.5, allowed is a whole number from 0 to 1000000000',
    ],
    ['rules:\n  events/noisy: on', '2:17: rules.events/noisy: found "on", allowed is off or a mapping'],
    ['rules:\n  events/noisy: 5', '2:17: rules.events/noisy: found 5, allowed is off or a mapping'],
    [
      'rules:\n  events/noisy:\n    severity: fatal',
      '3:15: rules.events/noisy.severity: found "fatal", allowed is error, warn or info',
    ],
    [
      'rules:\n  events/noisy:\n    severity: eror',
      '3:15: rules.events/noisy.severity: found "eror", allowed is error, warn or info; did you mean error?',
    ],
    [
      'rules:\n  events/noisy:\n    max_rate: 1',
      '3:5: rules.events/noisy.max_rate: unknown key, allowed is severity, maxRate, maxCount, minPopulation, minAffected or options; did you mean maxRate?',
    ],
    [
      'rules:\n  events/noise: off',
      '2:3: rules.events/noise: there is no such rule; did you mean events/noisy?',
    ],
    ['rules:\n  something/else: off', '2:3: rules.something/else: there is no such rule'],
    ['rules:\n  "": off', '2:3: rules."": a name must not be empty'],
    ['rules: off', '1:8: rules: found "off", allowed is a mapping'],
    [
      'rule:\n  events/noisy: off',
      '1:1: rule: unknown key, allowed is workspace, identity, push, testProfiles, defaults, rules, attest, report, history, notify or customRules; did you mean rules?',
    ],
    ['- a', '1:1: found a list, allowed is a mapping'],
    ['hello', '1:1: found "hello", allowed is a mapping'],
    [
      'push: { staleAfter: 270 }',
      '1:21: push.staleAfter: found 270, allowed is a duration such as 10s, 5m, 12h, 30d or 2w',
    ],
    [
      'push: { staleAfter: 9999999d }',
      '1:21: push.staleAfter: found "9999999d", allowed is a duration such as 10s, 5m, 12h, 30d or 2w, at most a century',
    ],
    [
      'push:\n  api_key: hunter2',
      '2:3: push.api_key: unknown key, allowed is optInAttribute or staleAfter; keys are read from the environment only (see doctor --help)',
    ],
    [
      'identity: { maxShare: 1 }',
      '1:23: identity.maxShare: found 1, allowed is a whole number from 2 to 1000',
    ],
    [
      'identity: { maxShare: .inf }',
      '1:23: identity.maxShare: found Infinity, allowed is a whole number from 2 to 1000',
    ],
    [
      'identity: { defaultCountry: us }',
      '1:29: identity.defaultCountry: found "us", allowed is a country code of two capital letters, such as US',
    ],
    [
      'identity: { authEvents: login }',
      '1:25: identity.authEvents: found "login", allowed is a list of texts',
    ],
    [
      'identity: { authEvents: [login, 5] }',
      '1:33: identity.authEvents[1]: found 5, allowed is a text that is not empty',
    ],
    [
      "identity: { canonicalId: { pattern: '(a)\\1' } }",
      '1:37: identity.canonicalId.pattern: a pattern must not refer back to a group (\\1): the engine (RE2) does not know it',
    ],
    [
      "identity: { canonicalId: { pattern: 'a(?=b)' } }",
      '1:37: identity.canonicalId.pattern: a pattern must not look around or ahead (?=): the engine (RE2) does not know it',
    ],
    [
      "identity: { canonicalId: { pattern: '(a' } }",
      '1:37: identity.canonicalId.pattern: this is no regular expression (unterminated group)',
    ],
    [
      'attest:\n  event-dedup: { reason: x, owner: y, on: 2026-01-01, expires: 2027-01-01 }',
      '2:3: attest.event-dedup: unknown key, allowed is canonical-identifier, identify-at-login, anonymous-merge, devices-on-messaged-profile, push-permission, event-taxonomy, event-properties, event-dedupe or spot-check; did you mean event-dedupe?',
    ],
    [
      'attest:\n  event-dedupe: { reason: x, owner: y, on: 2026-01-01 }',
      '2:3: attest.event-dedupe.expires: is missing, allowed is a date written as yyyy-mm-dd',
    ],
    [
      'attest:\n  event-dedupe: { reason: "", owner: y, on: 2026-01-01, expires: 2026-02-01 }',
      '2:27: attest.event-dedupe.reason: found "", allowed is a text that is not empty',
    ],
    [
      'attest:\n  event-dedupe: { reason: x, owner: y, on: 2026-02-30, expires: 2027-02-01 }',
      '2:44: attest.event-dedupe.on: found "2026-02-30", allowed is a date written as yyyy-mm-dd',
    ],
    [
      'attest:\n  event-dedupe: { reason: x, owner: y, on: 2026-02-02, expires: 2026-02-01 }',
      '2:65: attest.event-dedupe.expires: it ends before it begins',
    ],
    ['workspace: { links: yes }', '1:21: workspace.links: found "yes", allowed is true or false'],
    [
      'report: { examples: 5000 }',
      '1:21: report.examples: found 5000, allowed is a whole number from 0 to 1000',
    ],
    [
      'notify: { on: [go] }',
      '1:1: notify.urlFrom: is missing, allowed is the name of an environment variable, such as SLACK_WEBHOOK_URL',
    ],
    [
      'notify: { urlFrom: A, on: [never] }',
      '1:28: notify.on[0]: found "never", allowed is no-go, inconclusive, go or change',
    ],
    // What stands there may be the address itself, so it is not shown.
    [
      'notify: { urlFrom: "https://hooks.example/T0/B0/canary" }',
      '1:20: notify.urlFrom: it must be the name of an environment variable, such as SLACK_WEBHOOK_URL',
    ],
    [
      'notify: { urlFrom: A, link: "https://ci.example/${CI_JOB_TOKEN}" }',
      '1:29: notify.link: CI_JOB_TOKEN sounds like a secret, and a link is read by everybody in the channel',
    ],
    [
      'notify: { urlFrom: HOOK, link: "https://ci.example/${HOOK}" }',
      '1:32: notify.link: HOOK holds the address of the webhook, which is a secret, and a link is read by everybody in the channel',
    ],
    ['customRules: [""]', '1:15: customRules[0]: found "", allowed is a text that is not empty'],
  ])('%s', async (yaml, message) => {
    expect(await messageOf(yaml, rules)).toBe(`cio-audit.yaml:${message}`)
  })

  test('everything in one error, by line, ten at most', async () => {
    const few = await messageOf('push: { staleAfter: 1 }\nhistory: { keep: 0 }\nrules: { x/y: off }\n', rules)
    expect(few.split('\n')).toEqual([
      expect.stringMatching(/^cio-audit\.yaml:1:21: push\.staleAfter/),
      expect.stringMatching(/^cio-audit\.yaml:2:18: history\.keep/),
      expect.stringMatching(/^cio-audit\.yaml:3:10: rules\.x\/y/),
    ])
    const many = Array.from({ length: 14 }, (_, index) => `key${index}: 1`).join('\n')
    const lines = (await messageOf(many)).split('\n')
    expect(lines).toHaveLength(11)
    expect(lines[9]).toMatch(/^cio-audit\.yaml:10:1: key9: unknown key/)
    expect(lines[10]).toBe('… and 4 more in cio-audit.yaml')
  })

  test('a value of a key that looks like a secret is not shown', async () => {
    expect(await messageOf('apiKey: sk-canary-77')).not.toContain('canary')
  })

  test('control characters of the file do not reach the terminal', async () => {
    const message = await messageOf('rules: "\\e[31m\\x9b\\u202e"')
    expect(message).toContain('found "\\u001b[31m\\u009b\\u202e"')
    expect(message).not.toMatch(/[\u001b\u009b\u202e]/)
  })
})

describe('bad YAML', () => {
  test.each([
    ['rules:\n\tx: 1', '2:1: this line is indented with a tab; YAML allows only spaces'],
    ['push: {}\nhistory: {}\npush: {}', '3:1: the key "push" stands twice in one mapping'],
    ['push: { a: 1, "a": 2 }', '1:15: the key "a" stands twice in one mapping'],
    ['rules: *gone', '1:8: the alias *gone stands for nothing: no anchor &gone comes before it'],
    ['rules: &r\n  a/b: *r', '2:8: the alias *r stands inside what it stands for'],
    [
      'push: {}\n---\nhistory: {}',
      '2:1: a second document starts here; a file holds one (remove the line ---)',
    ],
    ['rules: !include x.yaml', '1:8: tags (!name) are not known here'],
    ['? [a]\n: b', '1:3: a key must be a plain name, not a list or a mapping'],
    ['rules: "a', '1:10: this is no valid YAML: Missing closing "quote'],
    ['a: b: c', '1:4: this is no valid YAML: Nested mappings are not allowed in compact mappings'],
  ])('%s', async (yaml, message) => {
    expect(await messageOf(yaml)).toBe(`cio-audit.yaml:${message}`)
  })

  test('an alias bomb is refused before it unfolds', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let n = 1; n < 12; n += 1)
      lines.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      )
    expect(await messageOf(lines.join('\n'))).toContain('the file unfolds to more than 200000 values')
  })

  test('a key that stands among thousands is found twice at once', async () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')
    expect(await messageOf(`${keys}\nk7: 2`)).toBe(
      'cio-audit.yaml:60001:1: the key "k7" stands twice in one mapping',
    )
  })

  test.each(['[', '{a: ', '- ', '? '])('endless nesting of %j', async (open) => {
    expect(await messageOf(open.repeat(20_000))).toMatch(/^cio-audit\.yaml:\d+:\d+: this is/)
  })

  test('nesting that is only deep', async () => {
    const message = await messageOf(`rules: { a/b: { options: { x: ${'['.repeat(60)}${']'.repeat(60)} } } }`)
    expect(message).toContain('this is nested deeper than 40 levels')
  })
})

describe('a file that cannot be taken', () => {
  test('is missing', async () => {
    const error = await inFolder({}, (folder) => usageError(() => loadSettings('no.yaml', folder)))
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.message).toBe('The config no.yaml does not exist.')
  })

  test('is a folder, also under the default name', async () => {
    await inFolder({}, async (folder) => {
      await mkdir(join(folder, 'cio-audit.yaml'))
      const expected = 'The config cio-audit.yaml is a folder, not a file.'
      expect((await usageError(() => loadSettings(undefined, folder))).message).toBe(expected)
      expect((await usageError(() => loadSettings('cio-audit.yaml', folder))).message).toBe(expected)
    })
  })

  test('is a link to itself', async () => {
    await inFolder({}, async (folder) => {
      await symlink('loop.yaml', join(folder, 'loop.yaml'))
      expect((await usageError(() => loadSettings('loop.yaml', folder))).message).toBe(
        'The config loop.yaml is a symbolic link that leads back to itself.',
      )
    })
  })

  test('lies under a file', async () => {
    await inFolder({ a: '' }, async (folder) => {
      expect((await usageError(() => loadSettings('a/b.yaml', folder))).message).toBe(
        'The config a/b.yaml does not exist: a part of its path is no folder.',
      )
    })
  })

  test.each([
    ['UTF-16', Buffer.from('\ufeffrules: {}', 'utf16le'), 'is UTF-16 text, not UTF-8'],
    ['Latin-1', Buffer.from('workspace: { name: Café }', 'latin1'), 'is not UTF-8 text'],
    ['an image', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), 'is not UTF-8 text'],
  ])('is %s', async (_, bytes, message) => {
    expect(await messageOf(bytes)).toBe(`The config cio-audit.yaml ${message}.`)
  })

  test('is over a megabyte, and not when it is exactly one', async () => {
    expect(await messageOf(`#${'x'.repeat(1_000_000)}`)).toBe(
      'The config cio-audit.yaml is larger than 1 MB.',
    )
    expect((await load(`#${'x'.repeat(999_999)}`)).origin).toBe('cio-audit.yaml')
  })
})
