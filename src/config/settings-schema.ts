import { z } from 'zod'
import { checklistItems } from '../core/checklist.ts'
import { severities } from '../core/settings.ts'
import { entry, named, section } from './named.ts'
import { notify } from './notify-schema.ts'
import { between, country, duration, isoDate, pattern, text, texts, wholeBetween } from './values.ts'

const canonicalIds = ['auto', 'uuid', 'integer', 'ulid', 'email'] as const

const workspace = section({
  name: text.nullable().default(null).describe('How reports call the workspace; its own name when left out.'),
  id: wholeBetween(1, 2 ** 53 - 1)
    .nullable()
    .default(null)
    .describe(
      'Its number, for files that do not say it (people export, Pipelines): fingerprints are keyed with it.',
    ),
  links: z
    .boolean()
    .default(true)
    .describe('Links into the Customer.io UI, where the workspace id is known.'),
}).describe('The workspace that is audited.')

const identity = section({
  maxShare: wholeBetween(2, 1000).default(5).describe('A value on more profiles than this joins nobody.'),
  canonicalId: section({
    pattern: pattern
      .default('auto')
      .describe(`${canonicalIds.join(', ')}, or a regular expression that a whole id must match.`),
  }).describe('What the one identifier of a person looks like.'),
  authEvents: texts.default(['login', 'signup']).describe('Events that tell of a login or signup.'),
  defaultCountry: country
    .default('US')
    .describe('For phone numbers without a country code (ISO 3166-1 alpha-2).'),
  placeholders: texts.default([]).describe('Values that mean "nobody", beside the built-in ones.'),
}).describe('How people are told apart.')

const push = section({
  optInAttribute: text.default('push_opt_in').describe('The attribute that holds the push permission.'),
  staleAfter: duration.prefault('270d').describe('A device unused for longer is stale.'),
}).describe('Push permission and devices.')

const testProfiles = section({
  emails: texts.default([]).describe('Patterns with *: *@shop.example, *+test@*.'),
  attribute: text.nullable().default(null).describe('The attribute that marks a tester.'),
}).describe('Who is a tester and not a customer.')

const ruleSetting = z.strictObject({
  severity: z
    .enum(severities)
    .exactOptional()
    .describe('error blocks a GO, warn does so with --fail-on warn.'),
  maxRate: between(0, 1).exactOptional().describe('The rule fails above this share of its population.'),
  maxCount: wholeBetween(0, 1e9)
    .exactOptional()
    .describe('The rule fails above this number of affected records.'),
  minPopulation: wholeBetween(0, 1e9)
    .exactOptional()
    .describe('Below this population a rate is inconclusive.'),
  minAffected: wholeBetween(0, 1e9)
    .exactOptional()
    .describe('A rate fails only from this number of affected records on.'),
  options: z
    .record(z.string(), z.unknown(), 'a mapping')
    .exactOptional()
    .describe("The rule's own options, see rules explain."),
})

const attestation = z
  .strictObject({
    reason: text.describe('Why it can be vouched for.'),
    owner: text.describe('Who vouches.'),
    on: isoDate.describe('Since when (yyyy-mm-dd).'),
    expires: isoDate.describe('Until when (yyyy-mm-dd).'),
  })
  .check((context) => {
    if (context.value.expires >= context.value.on) return
    context.issues.push({
      code: 'custom',
      input: context.value,
      path: ['expires'],
      message: 'it ends before it begins',
    })
  })

/** `cio-audit.yaml`, as section 3 of the contracts describes it. */
export const settingsSchema = z
  .strictObject({
    workspace,
    identity,
    push,
    testProfiles,
    defaults: section({
      minPopulation: wholeBetween(0, 1e9)
        .default(30)
        .describe('Below this population a rate is inconclusive.'),
      minAffected: wholeBetween(0, 1e9).default(3).describe('A rate fails only from this number on.'),
    }).describe('For every rule that does not say otherwise.'),
    rules: named(z.union([z.literal(['off', false], 'off'), entry(ruleSetting)]))
      .prefault({})
      .describe('By rule: off, or what differs from its defaults.'),
    attest: entry(z.partialRecord(z.enum(checklistItems), attestation))
      .prefault({})
      .describe('Checklist items that no data can show, vouched for by a person.'),
    report: section({
      redact: z.boolean().default(false).describe('Mask addresses, phones, names and tokens in every file.'),
      examples: wholeBetween(0, 1000)
        .default(20)
        .describe('Findings, and rows of evidence, that a report lists.'),
    }).describe('What reports show.'),
    history: section({
      keep: wholeBetween(1, 10_000).default(90).describe('Runs whose summary is kept for comparison.'),
    }).describe('Earlier runs.'),
    notify,
    customRules: texts
      .default([])
      .describe("Globs of modules that export rules, relative to this file's folder."),
  })
  .describe('Settings of cio-audit. Everything has a default.')

export type ParsedSettings = z.output<typeof settingsSchema>
