import { z } from 'zod'
import { realKey } from './yaml-value.ts'

/** A mapping whose names the user chose; written with nothing under it, it is empty. */
export function named<Value extends z.ZodType>(value: Value) {
  return entry(z.record(z.string().min(1), value))
}

/** A section that may be left out, or written with nothing under it. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return entry(z.strictObject(shape)).prefault({})
}

/** An entry of `named` that may be written with nothing behind its colon. */
export function entry<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => value ?? {}, schema)
}

/** The same entries without a prototype, so that a lookup of `constructor` or `__proto__` finds only what was written. */
export function record<In, Out>(
  entries: Readonly<Record<string, In>>,
  make: (value: In, name: string) => Out,
): Readonly<Record<string, Out>> {
  const result = Object.create(null) as Record<string, Out>
  for (const [key, value] of Object.entries(entries)) {
    const name = realKey(key)
    result[name] = make(value, name)
  }
  return result
}
