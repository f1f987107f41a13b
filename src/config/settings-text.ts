import { quoted, scalar } from './plan-text.ts'
import { visible } from './problem.ts'

const schema = './node_modules/cio-audit/schema/config.schema.json'

/** What a first config says; null or empty is left at its default. */
export interface FirstSettings {
  readonly name: string | null
  readonly canonicalId: string | null
  readonly authEvents: readonly string[]
  readonly defaultCountry: string | null
  readonly optInAttribute: string | null
  /** The environment variable that holds a webhook's address. */
  readonly notifyFrom: string | null
  /** Where a job is to be seen, with `${NAME}` for environment variables. */
  readonly notifyLink: string | null
}

/**
 * A first `cio-audit.yaml`. A setting that nobody decided is a comment that shows its default: `#` without a space behind
 * it, so that taking the `#` away switches it on; a test does so with all of them.
 *
 * @param idNote - what speaks for the canonical id.
 */
export function renderSettings(first: FirstSettings, idNote: string | null): string {
  const { name, canonicalId, authEvents, defaultCountry, optInAttribute, notifyFrom, notifyLink } = first
  return `${[
    `# yaml-language-server: $schema=${schema}`,
    '# Settings of cio-audit. Everything has a default; a line that begins with # and no space shows it, or an example.',
    '# To switch one on, take the # away, also before the name of its section.',
    '# Keys never stand here: they come from the environment, or from a file .env that stays out of version control.',
    ...section('workspace', [
      setting('name', name === null ? null : scalar(name), 'Shop production', 'how reports call it'),
      setting('links', null, 'true', 'links into the Customer.io UI'),
    ]),
    ...section('identity', [
      ...(idNote === null ? [] : [`# ${visible(idNote)}`]),
      setting(
        'canonicalId',
        canonicalId === null ? null : `{ pattern: ${scalar(canonicalId)} }`,
        '{ pattern: auto }',
        'auto, uuid, integer, ulid, email, or a regular expression',
      ),
      setting(
        'authEvents',
        authEvents.length === 0 ? null : `[${authEvents.map(scalar).join(', ')}]`,
        '[login, signup]',
        'events that tell of a login or signup',
      ),
      setting(
        'defaultCountry',
        defaultCountry === null ? null : scalar(defaultCountry),
        'US',
        'for phone numbers without a country code',
      ),
      setting('maxShare', null, '5', 'a value on more profiles than this joins nobody'),
    ]),
    ...section('push', [
      setting(
        'optInAttribute',
        optInAttribute === null ? null : scalar(optInAttribute),
        'push_opt_in',
        'the attribute that holds the permission',
      ),
      setting('staleAfter', null, '270d', 'a device unused for longer is stale'),
    ]),
    ...section('testProfiles', [
      '# Your own people: without them a test order counts like a real one.',
      setting('emails', null, '["*@shop.example", "*+test@*"]', 'patterns with *'),
      setting('attribute', null, 'is_test', 'the attribute that marks a tester'),
    ]),
    ...section('rules', [
      '# A rule fails above its limits; `cio-audit rules explain <rule>` tells them.',
      '#identity/duplicate-email: { severity: error, maxRate: 0.005 }',
      '#events/duplicate-burst: { options: { window: 10s } }',
      '#events/noisy: off',
    ]),
    ...section('attest', [
      '# What no data can show is vouched for by a person; the verdict then says so.',
      '#event-dedupe: { reason: "every cart journey waits for no second event in 12 h", owner: crm@shop.example, on: 2026-11-02, expires: 2027-02-01 }',
    ]),
    ...section('report', [
      setting('redact', null, 'false', 'mask addresses, phones, names and tokens in every file'),
      setting('examples', null, '20', 'findings that a report lists'),
    ]),
    ...section('history', [setting('keep', null, '90', 'runs whose summary is kept for comparison')]),
    ...section('notify', [
      '# A message to a channel after a run. The address of the webhook is a secret, so its variable is named.',
      setting('urlFrom', notifyFrom, 'SLACK_WEBHOOK_URL', 'the environment variable with the address'),
      '#on: [no-go, inconclusive, change]',
      setting(
        'link',
        notifyFrom === null || notifyLink === null ? null : quoted(notifyLink),
        quoted(notifyLink ?? '${CI_JOB_URL}'),
        'where to read on',
      ),
    ]),
  ].join('\n')}\n`
}

/** An empty section would be null, which editors underline: where nothing is decided its name is a comment, too. */
function section(name: string, lines: readonly string[]): string[] {
  const isDecided = lines.some((line) => !line.startsWith('#'))
  return ['', `${isDecided ? '' : '#'}${name}:`, ...lines.map((line) => `  ${line}`)]
}

/** @param value - as YAML; null: undecided, and `example` is shown in a comment. */
const setting = (name: string, value: string | null, example: string, why: string): string =>
  `${value === null ? `#${name}: ${example}` : `${name}: ${value}`}  # ${why}`
