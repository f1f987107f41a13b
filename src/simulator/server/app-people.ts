import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { cursorAt } from './cursors.ts'
import { compileFilter, searchBody } from './filter.ts'
import { identifiersOf, profileOf } from './profile.ts'
import { appError, pagingOf, type Paging } from './replies.ts'
import { idTypes, type IdType, type Workspace } from './workspace.ts'

export interface PeopleShape {
  /** Whether the bulk read wraps each person in `{customer}` (the published shape) or not (a shape seen in the wild). */
  readonly bulkShape: 'wrapped' | 'bare'
  /** Whether the bulk read wants `cio_` before a `cio_id`; no source says. */
  readonly cioIdPrefix: 'bare' | 'required'
}

const bulkBody = z.strictObject({ ids: z.array(z.string()).min(1).max(100) })

/** `id_type` of a request, or the answer that refuses it. This workspace does not identify people by phone. */
function idTypeOf(context: Context): IdType | Response {
  const idType = context.req.query('id_type') ?? 'id'
  if (!idTypes.includes(idType)) return appError(context, 400, `id_type ${idType} is not supported`)
  if (idType === 'phone') return appError(context, 400, 'phone is not an identifier in this workspace')
  return idType as IdType
}

/** The person in a path or in `customer_id`. There a `cio_id` carries its prefix, always. */
export function personOf(context: Context, workspace: Workspace, customer: string): number | Response {
  const idType = idTypeOf(context)
  if (typeof idType !== 'string') return idType
  const value = idType === 'cio_id' ? (/^cio_(.*)$/.exec(customer)?.[1] ?? '') : customer
  const [index] = workspace.find(idType, value)
  return index ?? appError(context, 404, 'customer not found')
}

/** A page out of positions in ascending order; the cursor is where the next one begins. */
export function pageOf(
  workspace: Workspace,
  upTo: number,
  { limit, start }: Paging,
  holds: (index: number) => boolean,
): { identifiers: ReturnType<typeof identifiersOf>[]; ids: string[]; next: string } {
  const found: number[] = []
  let index = start === 'first' ? 0 : start
  for (; index < upTo && found.length < limit; index += 1) {
    if (!workspace.person(index).deleted && holds(index)) found.push(index)
  }
  while (index < upTo && (workspace.person(index).deleted || !holds(index))) index += 1
  const people = found.map((position) => workspace.person(position))
  // `ids` has an empty text for whoever has no id: that is why nobody should feed it to the next call.
  return {
    identifiers: people.map(identifiersOf),
    ids: people.map((person) => person.id ?? ''),
    next: index < upTo ? cursorAt(index) : '',
  }
}

export function peopleRoutes(app: Hono, workspace: Workspace, shape: PeopleShape): void {
  app.post('/v1/customers', async (context) => {
    const paging = pagingOf(context, 50, 1000)
    if (typeof paging === 'string') return appError(context, 400, paging)
    const body = searchBody.safeParse(await bodyOf(context))
    if (!body.success) return appError(context, 400, 'filter is invalid')
    return context.json(
      pageOf(workspace, workspace.people.length, paging, compileFilter(body.data.filter, workspace)),
    )
  })

  app.get('/v1/customers', (context) => {
    const email = context.req.query('email')
    if (email === undefined) return appError(context, 400, 'email is required')
    return context.json({
      results: workspace.find('email', email).map((index) => identifiersOf(workspace.person(index))),
    })
  })

  app.post('/v1/customers/attributes', async (context) => {
    const idType = idTypeOf(context)
    if (typeof idType !== 'string') return idType
    const body = bulkBody.safeParse(await bodyOf(context))
    if (!body.success) return appError(context, 400, 'ids must hold 1 to 100 strings')
    const wantsPrefix = idType === 'cio_id' && shape.cioIdPrefix === 'required'
    const values = wantsPrefix ? body.data.ids.map((id) => /^cio_(.*)$/.exec(id)?.[1] ?? '') : body.data.ids
    const found = new Set(values.flatMap((value) => workspace.find(idType, value)))
    const people = [...found].map((index) => profileOf(workspace.person(index)))
    return context.json({
      customers: shape.bulkShape === 'wrapped' ? people.map((customer) => ({ customer })) : people,
    })
  })

  app.get('/v1/customers/:customer/attributes', (context) => {
    const person = personOf(context, workspace, context.req.param('customer'))
    return typeof person === 'number'
      ? context.json({ customer: profileOf(workspace.person(person)) })
      : person
  })
}

/** A body that is no JSON is `undefined`, which no schema takes: the caller answers 400. */
export async function bodyOf(context: Context): Promise<unknown> {
  const text = await context.req.text()
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
