import type { ChecklistItem } from './checklist.ts'

export const severities = ['error', 'warn', 'info'] as const
export type Severity = (typeof severities)[number]

/** Limits of a rule; passing either fails it (strictly more than). `maxRate` is 0 to 1. */
export interface Threshold {
  readonly maxRate?: number
  readonly maxCount?: number
}

export interface RuleSetting extends Threshold {
  readonly enabled: boolean
  readonly severity?: Severity
  readonly minPopulation?: number
  readonly minAffected?: number
  readonly options?: Readonly<Record<string, unknown>>
}

export interface Attestation {
  readonly reason: string
  readonly owner: string
  /** ISO dates (yyyy-mm-dd). */
  readonly on: string
  readonly expires: string
}

/** What a message to a channel is sent for. `change`: another verdict, or other failing rules, than in the run before. */
export const occasions = ['no-go', 'inconclusive', 'go', 'change'] as const
export type Occasion = (typeof occasions)[number]

export interface NotifySettings {
  /** The environment variable that holds the webhook's address, which is a secret. */
  readonly urlFrom: string
  readonly on: readonly Occasion[]
  /** With `${NAME}` for environment variables. */
  readonly link: string | null
}

/** `cio-audit.yaml` after validation, every default filled in, durations in seconds. */
export interface Settings {
  /** File name relative to the current folder, or `defaults`. */
  readonly origin: string
  /** `id` is for files that do not say which workspace they are of; fingerprints are keyed with it. */
  readonly workspace: { readonly name: string | null; readonly id: number | null; readonly links: boolean }
  readonly identity: {
    /** A value on more profiles than this joins nobody. */
    readonly maxShare: number
    /** `auto`, `uuid`, `integer`, `ulid`, `email`, or a regular expression. */
    readonly canonicalId: string
    readonly authEvents: readonly string[]
    /** ISO 3166-1 alpha-2, for phone numbers without a country code. */
    readonly defaultCountry: string
    /** Values that mean "nobody", beside the built-in ones; lower case. */
    readonly placeholders: readonly string[]
  }
  readonly push: { readonly optInAttribute: string; readonly staleAfterSeconds: number }
  readonly testProfiles: { readonly emails: readonly string[]; readonly attribute: string | null }
  readonly defaults: { readonly minPopulation: number; readonly minAffected: number }
  readonly rules: Readonly<Record<string, RuleSetting>>
  readonly attest: Readonly<Partial<Record<ChecklistItem, Attestation>>>
  readonly report: { readonly redact: boolean; readonly examples: number }
  readonly history: { readonly keep: number }
  readonly notify: NotifySettings | null
  /** Globs of modules that export rules, relative to the config file. */
  readonly customRules: readonly string[]
}
