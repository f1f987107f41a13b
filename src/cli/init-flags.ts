import { Flags } from '@oclif/core'
import { ciKinds } from './ci-jobs.ts'
import { commonFlags } from './flags.ts'

const { quiet, verbose, 'no-color': noColor } = commonFlags

export const initFlags = {
  yes: Flags.boolean({ char: 'y', description: 'ask nothing: take the flags, what was found, and defaults' }),
  name: Flags.string({ helpValue: '<name>', description: "the workspace's name in reports" }),
  'canonical-id': Flags.string({
    helpValue: '<pattern>',
    description: 'what ids look like: auto, uuid, integer, ulid, email, or a regular expression',
  }),
  'login-event': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: '<event>',
    description: 'repeatable: an event that tells of a login or signup',
  }),
  event: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: '<intent>=<event>',
    description: 'repeatable: what your product, cart, checkout or purchase event is called',
  }),
  country: Flags.string({
    helpValue: '<code>',
    description: 'the country of phone numbers without a country code, such as US',
  }),
  'opt-in-attribute': Flags.string({
    helpValue: '<attribute>',
    description: 'the attribute that holds the push permission',
  }),
  notify: Flags.string({
    helpValue: '<variable>',
    description: 'the environment variable with the webhook for messages, such as SLACK_WEBHOOK_URL',
  }),
  ci: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    options: [...ciKinds],
    description: 'repeatable: write an example job too',
  }),
  offline: Flags.boolean({ description: 'never touch the network, also where a key is there' }),
  force: Flags.boolean({ description: 'write over files that are there' }),
  quiet,
  verbose,
  'no-color': noColor,
}
