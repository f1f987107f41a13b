import { z } from 'zod'
import type { Person } from '../types.ts'
import type { Workspace } from './workspace.ts'

export type Filter =
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly segment: { readonly id: number } }
  | {
      readonly attribute: {
        readonly field: string
        readonly operator: 'eq' | 'exists'
        readonly value?: string | undefined
      }
    }

const inSegment = z.strictObject({ segment: z.strictObject({ id: z.int() }) })
const ofAttribute = z.strictObject({
  attribute: z.union([
    z.strictObject({ field: z.string().min(1), operator: z.literal('exists'), value: z.string().optional() }),
    z.strictObject({ field: z.string().min(1), operator: z.literal('eq'), value: z.string() }),
  ]),
})
const anyFilter: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(anyFilter).min(1) }),
    z.strictObject({ or: z.array(anyFilter).min(1) }),
    z.strictObject({ not: anyFilter }),
    inSegment,
    ofAttribute,
  ]),
)

/** The body of a people search. Exactly one key at each level; an unknown operator is a 400, as in the published grammar. */
export const searchBody = z.strictObject({ filter: anyFilter })

function attributeOf(person: Person, field: string): string | null {
  if (field === 'cio_id') return person.cioId
  if (field === 'id') return person.id
  if (field === 'email') return person.email
  if (field === 'phone') return person.phone
  if (field === 'created_at') return String(person.createdAt)
  if (field === 'unsubscribed') return String(person.unsubscribed)
  return person.attributes[field] ?? null
}

/** A filter as a test of one person. Attributes are equal as text, e-mail addresses whatever their case. */
export function compileFilter(filter: Filter, workspace: Workspace): (index: number) => boolean {
  if ('and' in filter) {
    const parts = filter.and.map((part) => compileFilter(part, workspace))
    return (index) => parts.every((holds) => holds(index))
  }
  if ('or' in filter) {
    const parts = filter.or.map((part) => compileFilter(part, workspace))
    return (index) => parts.some((holds) => holds(index))
  }
  if ('not' in filter) {
    const holds = compileFilter(filter.not, workspace)
    return (index) => !holds(index)
  }
  if ('segment' in filter) {
    const wanted = workspace.population.segments.find((segment) => segment.id === filter.segment.id)
    const members = new Set(wanted === undefined ? [] : workspace.members(wanted))
    return (index) => members.has(index)
  }
  const { field, operator, value = '' } = filter.attribute
  const fold = (text: string): string => (field === 'email' ? text.toLowerCase() : text)
  return (index) => {
    const found = attributeOf(workspace.person(index), field)
    if (operator === 'exists') return found !== null && found !== ''
    return found !== null && fold(found) === fold(value)
  }
}
