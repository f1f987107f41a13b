import type { Context, Hono } from 'hono'
import { appError, jsonText, pagingOf, type Paging } from './replies.ts'
import { cursorAt } from './cursors.ts'
import { activityIdentifiers } from './profile.ts'
import { personOf } from './app-people.ts'
import type { Workspace } from './workspace.ts'

/**
 * A page, newest first. The cursor counts what is left of the older ones, so activities that arrive at the head in
 * between neither shift nor repeat anything.
 */
function page(
  workspace: Workspace,
  positions: readonly number[],
  { limit, start }: Paging,
  deleted: boolean,
): string {
  const log = workspace.population.activities
  const found: string[] = []
  let left = start === 'first' ? positions.length : Math.min(start, positions.length)
  while (left > 0 && found.length < limit) {
    left -= 1
    const position = positions[left] ?? 0
    const person = workspace.person(log.personAt(position))
    if (person.deleted === deleted) found.push(log.json(position, activityIdentifiers(person)))
  }
  return `{"activities":[${found.join(',')}],"next":"${left === 0 ? '' : cursorAt(left)}"}`
}

function list(context: Context, workspace: Workspace, person: number | undefined): Response {
  const paging = pagingOf(context, 10, 100)
  if (typeof paging === 'string') return appError(context, 400, paging)
  const { type, name, deleted } = context.req.query()
  const positions = workspace.population.activities.positions(type, name, person)
  return jsonText(context, page(workspace, positions, paging, deleted === 'true'))
}

export function activityRoutes(app: Hono, workspace: Workspace): void {
  app.get('/v1/activities', (context) => {
    const customer = context.req.query('customer_id')
    if (customer === undefined) return list(context, workspace, undefined)
    const person = personOf(context, workspace, customer)
    return typeof person === 'number' ? list(context, workspace, person) : person
  })

  app.get('/v1/customers/:customer/activities', (context) => {
    const person = personOf(context, workspace, context.req.param('customer'))
    return typeof person === 'number' ? list(context, workspace, person) : person
  })
}
