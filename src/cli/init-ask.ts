import { checkbox, input, select } from '@inquirer/prompts'
import { CioAuditError, exitCodes } from '../core/errors.ts'
import { percent } from '../reports/view.ts'
import { ciKinds } from './ci-jobs.ts'
import { answerProblem, type Answers } from './init-answers.ts'
import type { Found } from './init-look.ts'
import type { Io } from './io.ts'

/** Asks for what no flag says; what was found stands there as the answer that Enter gives. */
export async function ask(given: Answers, found: Found, io: Io): Promise<Answers> {
  const context = { input: io.stdin, output: io.stderr, signal: io.signal, clearPromptOnDone: false }
  /** Empty is no answer. */
  const text = async (
    field: 'name' | 'canonicalId' | 'defaultCountry' | 'optInAttribute' | 'notifyFrom',
    message: string,
    fallback = '',
  ): Promise<string | null> => {
    const validate = (value: string): true | string =>
      value.trim() === '' ? true : (answerProblem(field, value.trim()) ?? true)
    const answer = await input({ message, default: fallback, validate }, context)
    return answer.trim() === '' ? null : answer.trim()
  }
  const list = async (message: string, fallback: readonly string[]): Promise<string[]> => {
    const answer = await input({ message, default: fallback.join(', ') }, context)
    return answer.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
  }
  const canonicalId = async (): Promise<string | null> => {
    const choices = ['auto', 'uuid', 'integer', 'ulid', 'email'].map((value) => ({
      value,
      name:
        value === found.ids?.pattern ? `${value} (${percent(found.ids.share)} of the ids looked at)` : value,
    }))
    const chosen = await select(
      {
        message: 'What do the ids of your people look like?',
        default: found.ids?.pattern ?? 'auto',
        choices: [...choices, { value: 'other', name: 'a regular expression' }],
      },
      context,
    )
    return chosen === 'other'
      ? await text('canonicalId', 'Which regular expression must a whole id match?')
      : chosen
  }
  try {
    return {
      name: given.name ?? (await text('name', 'What is the workspace called in reports?', found.name ?? '')),
      canonicalId: given.canonicalId ?? (await canonicalId()),
      authEvents:
        given.authEvents ??
        (await list(
          'Which events tell of a login or signup? (with commas)',
          found.authEvents.length > 0 ? found.authEvents : ['login', 'signup'],
        )),
      defaultCountry:
        given.defaultCountry ??
        (await text('defaultCountry', 'Which country are phone numbers without a country code of?', 'US')),
      optInAttribute:
        given.optInAttribute ??
        (await text(
          'optInAttribute',
          'Which attribute holds the push permission?',
          found.optInAttribute ?? 'push_opt_in',
        )),
      notifyFrom:
        given.notifyFrom ??
        (await text(
          'notifyFrom',
          'Which environment variable holds a Slack webhook for messages? (empty: no messages)',
        )),
      ci:
        given.ci ??
        (await checkbox(
          { message: 'Write an example job for?', choices: ciKinds.map((value) => ({ value })) },
          context,
        )),
    }
  } catch (cause) {
    // Ctrl-C while a question stands is a key like any other, and no signal.
    if (!(cause instanceof Error) || cause.name !== 'ExitPromptError') throw cause
    throw new CioAuditError(
      'USAGE_INTERRUPTED',
      exitCodes.interrupted,
      'Interrupted; nothing was written.',
      'Run the same command again, or give --yes and flags to be asked nothing.',
      { cause },
    )
  }
}
