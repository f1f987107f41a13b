import type { Part } from './parts.ts'
import type { BlockResult, BulkKind } from './write-block.ts'

const destination = '2184.97'
const warehouse = 'v4_101'
/** A shop that has synced for a while: the numbers do not begin at 1. */
const firstSequence = 2_416

interface NamedPart extends Part {
  readonly name: string
}

/** The names that Customer.io gives, now that all parts are there and can be counted. */
export function namedParts(kind: BulkKind, results: readonly BlockResult[], fileType: string): NamedPart[] {
  const all = results.flatMap(({ number, parts }) => parts.map((part) => ({ ...part, block: number })))
  if (kind === 'warehouse') {
    // All blocks of an older sync come before those of a newer one.
    const sequence = (part: (typeof all)[number]): number =>
      firstSequence + (part.order - 1) * results.length + part.block
    return all.map((part) => ({ ...part, name: `${part.table}_${warehouse}_${sequence(part)}.parquet` }))
  }
  if (kind === 'export') return all.map((part) => ({ ...part, name: 'people.csv' }))
  const positions = new Map<string, number>()
  return all.map((part) => {
    const position = (positions.get(part.table) ?? 0) + 1
    positions.set(part.table, position)
    return { ...part, name: `${destination}.${position}.${part.table}.${fileType}` }
  })
}
