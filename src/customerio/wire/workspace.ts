import { z } from 'zod'
import { withRest } from './read-columns.ts'
import { optionalText, optionalWholeNumber, wholeNumber } from './values.ts'

/** GET /v1/workspaces (reference, section 6.3): all in one reply. `people` is cached, up to two hours old. */
export const workspacesPath = '/v1/workspaces'

export const workspaceSchema = withRest(
  z.object({ id: wholeNumber, name: optionalText, people: optionalWholeNumber }),
)
export type Workspace = z.output<typeof workspaceSchema>
