import { settingProblem, type SettingsInput } from '../config/settings.ts'
import { moneyIntents, type MoneyIntent, type NamedEvents } from '../config/first-plan.ts'
import { UsageError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import type { CiKind } from './ci-jobs.ts'

/** What a person says in flags or when asked; null for what they leave open. */
export interface Answers {
  readonly name: string | null
  readonly canonicalId: string | null
  readonly authEvents: readonly string[] | null
  readonly defaultCountry: string | null
  readonly optInAttribute: string | null
  readonly notifyFrom: string | null
  readonly ci: readonly CiKind[] | null
}

type Typed = Exclude<keyof Answers, 'authEvents' | 'ci'>

/** Where the config has it, so that the config's own rules say whether it may be written. */
const placed: Readonly<Record<Typed, (value: string) => SettingsInput>> = {
  name: (name) => ({ workspace: { name } }),
  canonicalId: (pattern) => ({ identity: { canonicalId: { pattern } } }),
  defaultCountry: (defaultCountry) => ({ identity: { defaultCountry } }),
  optInAttribute: (optInAttribute) => ({ push: { optInAttribute } }),
  notifyFrom: (urlFrom) => ({ notify: { urlFrom } }),
}

const flags: Readonly<Record<Typed, string>> = {
  name: '--name',
  canonicalId: '--canonical-id',
  defaultCountry: '--country',
  optInAttribute: '--opt-in-attribute',
  notifyFrom: '--notify',
}

/** What is wrong with it; null where it is fine. */
export const answerProblem = (field: Typed, value: string): string | null =>
  settingProblem(placed[field](value))

export function checkAnswers(answers: Answers): void {
  for (const field of Object.keys(placed) as Typed[]) {
    const value = answers[field]
    const problem = value === null ? null : answerProblem(field, value)
    if (problem === null) continue
    // The value is not told: somebody may have given the address of the webhook itself.
    throw new UsageError(
      'USAGE_ANSWER',
      `${flags[field]} is not what it may be.`,
      `The config says of it: ${problem}.`,
    )
  }
  if (answers.authEvents?.some((name) => name === ''))
    throw new UsageError(
      'USAGE_ANSWER',
      '--login-event is empty.',
      'Give the name of the event, or leave it out.',
    )
}

/** `cart=cart_updated` */
export function readEvents(texts: readonly string[]): NamedEvents {
  const named: Partial<Record<MoneyIntent, string>> = {}
  for (const text of texts) {
    const at = text.indexOf('=')
    const [word, name] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)]
    const intent = moneyIntents.find((one) => one === word)
    if (intent === undefined || name.trim() === '')
      throw new UsageError(
        'USAGE_EVENT',
        `--event ${text} names no event of an intent${at > 0 ? didYouMean(word, moneyIntents) : ''}.`,
        `Write it like --event cart=cart_updated; the intents are ${moneyIntents.join(', ')}.`,
      )
    named[intent] = name
  }
  return named
}
