import { z } from 'zod'
import { asObject } from './received.ts'
import { restOf } from './values.ts'

/**
 * A record whose named fields become columns, and whose other fields go to `rest` as JSON text. A field that had a
 * value of which its column kept nothing stays in `rest` too.
 */
export function withRest<Shape extends z.ZodRawShape>(columns: z.ZodObject<Shape>) {
  const inColumns = new Set(Object.keys(columns.shape))
  return z
    .unknown()
    .optional()
    .transform((value, context): z.output<z.ZodObject<Shape>> & { readonly rest: string | null } => {
      const raw = asObject(value)
      if (!raw) {
        context.addIssue('expected an object')
        return z.NEVER
      }
      const read = columns.safeParse(raw)
      if (read.success) return { ...read.data, rest: restOf(raw, kept(raw, read.data, inColumns)) }
      for (const { path, message } of read.error.issues)
        context.addIssue({ code: 'custom', message, path: [...path] })
      return z.NEVER
    })
}

function kept(
  raw: Record<string, unknown>,
  columns: Record<string, unknown>,
  all: ReadonlySet<string>,
): ReadonlySet<string> {
  const lost = [...all].filter((key) => columns[key] === null && (raw[key] ?? '') !== '')
  return lost.length === 0 ? all : new Set([...all].filter((key) => !lost.includes(key)))
}
