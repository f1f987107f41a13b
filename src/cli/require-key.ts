import { UsageError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import type { Job } from './job.ts'

/** Asked first: without a key there is nothing to lock, to open or to connect to. */
export function requireKey({ environment }: Pick<Job, 'environment'>): Secret {
  if (environment.appApiKey !== null) return environment.appApiKey
  throw new UsageError('USAGE_NO_KEY', 'There is no App API key: CIO_APP_API_KEY is not set.', [
    'Make one under Account Settings, API Credentials, App API Keys, and set it in the environment or in a .env file here.',
    'Without a key: `cio-audit demo` shows the tool, `cio-audit run --source <folder>` audits files of Customer.io, and `cio-audit run --offline` the last snapshot.',
  ])
}
