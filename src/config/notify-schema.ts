import { z } from 'zod'
import { occasions } from '../core/settings.ts'
import { text } from './values.ts'

const nameWords = 'the name of an environment variable, such as SLACK_WEBHOOK_URL'
const linkWords = 'an address with ${NAME} for environment variables, such as ${CI_JOB_URL}'
/** Sent to everybody who reads the channel, so no variable that holds a key may stand in it. */
const secretName = /key|token|secret|pass|pwd|credential|auth|jwt|webhook|site_id/i

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The names in `${…}` of a link. */
export const linkVariables = (link: string): string[] =>
  [...link.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)

const link = text.check((context) => {
  const secret = linkVariables(context.value).find((name) => secretName.test(name))
  if (secret === undefined) return
  context.issues.push({
    code: 'custom',
    input: context.value,
    message: `${secret} sounds like a secret, and a link is read by everybody in the channel`,
  })
})

/** What stands here instead of a name may be the address itself, a secret: so no message shows it. */
const urlFrom = z
  .string(nameWords)
  .check((context) => {
    if (variable.test(context.value)) return
    context.issues.push({ code: 'custom', input: context.value, message: `it must be ${nameWords}` })
  })
  .meta({ pattern: variable.source })

export const notify = z
  .strictObject({
    urlFrom: urlFrom.describe(
      'The environment variable that holds the address of a Slack-compatible webhook.',
    ),
    on: z
      .array(z.enum(occasions), 'a list of no-go, inconclusive, go and change')
      .min(1, 'a list of at least one occasion')
      .default(['no-go', 'inconclusive', 'change'])
      .describe('When: a verdict, or change: another verdict or other failing rules than in the run before.'),
    link: link.nullable().default(null).describe(`Where to read on: ${linkWords}.`),
  })
  .check((context) => {
    const { urlFrom: from, link: own } = context.value
    if (own === null || !linkVariables(own).includes(from)) return
    const message = `${from} holds the address of the webhook, which is a secret, and a link is read by everybody in the channel`
    context.issues.push({ code: 'custom', input: context.value, path: ['link'], message })
  })
  .nullable()
  .default(null)
  .describe('A message to a channel after a run.')
