import { z } from 'zod'

const common = {
  /** The beginning of a path, or a regular expression over the path; without it every App endpoint. */
  endpoint: z.string().min(1).optional(),
  /** How many requests it meets at most. */
  times: z.int().positive().optional(),
  /** How many matching requests pass before it begins. */
  after: z.int().nonnegative().optional(),
}

/** What can go wrong between an auditor and Customer.io. Given at start, or by a control call. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Strict: never more than `perSecond` answers in any span of a second. */
  z.strictObject({
    ...common,
    kind: z.literal('rate-limit'),
    perSecond: z.int().positive(),
    retryAfter: z.boolean(),
  }),
  /** `count` answers in a row, once, or at the beginning of each `every` requests. */
  z.strictObject({
    ...common,
    kind: z.literal('server-error'),
    status: z.int().min(500).max(503),
    count: z.int().positive(),
    every: z.int().positive().optional(),
  }),
  z.strictObject({ ...common, kind: z.literal('reset') }),
  z.strictObject({ ...common, kind: z.literal('truncate') }),
  z.strictObject({ ...common, kind: z.literal('html'), status: z.int().min(200).max(599) }),
  z.strictObject({ ...common, kind: z.literal('slow'), ms: z.int().positive() }),
  z.strictObject({ ...common, kind: z.literal('empty-page') }),
  z.strictObject({ ...common, kind: z.literal('repeat-cursor') }),
  z.strictObject({ ...common, kind: z.literal('forbidden') }),
  z.strictObject({ ...common, kind: z.literal('wrong-region') }),
  /** Puts `count` records of unknown shape beside the good ones of a page. */
  z.strictObject({ ...common, kind: z.literal('unknown-shape'), count: z.int().positive() }),
])
export const faultsSchema = z.array(faultSchema)

export type Fault = z.infer<typeof faultSchema>

interface Active {
  readonly fault: Fault
  matches(path: string): boolean
  /** Matching requests so far. */
  seen: number
  /** How many of them it met. */
  met: number
  /** When the answers of the last second were given (`rate-limit`), in milliseconds. */
  answers: number[]
}

function matcher({ endpoint, kind }: Fault): (path: string) => boolean {
  if (endpoint === undefined)
    return (path) => path.startsWith('/v1/') || (kind === 'wrong-region' && path.startsWith('/api/'))
  if (/^\/[\w/.-]*$/.test(endpoint)) return (path) => path.startsWith(endpoint)
  const pattern = new RegExp(endpoint)
  return (path) => pattern.test(path)
}

/** The faults in force, with their counters. */
export class FaultBoard {
  #active: Active[] = []

  set(faults: readonly Fault[]): void {
    this.#active = faults.map((fault) => ({ fault, matches: matcher(fault), seen: 0, met: 0, answers: [] }))
  }

  /** The faults that meet this request. `nowMs` only has to move forward. */
  meet(path: string, nowMs: number): Fault[] {
    return this.#active
      .filter((active) => active.matches(path) && meets(active, nowMs))
      .map(({ fault }) => fault)
  }
}

function meets(active: Active, nowMs: number): boolean {
  const { fault } = active
  const turn = active.seen - (fault.after ?? 0)
  active.seen += 1
  if (turn < 0 || active.met >= (fault.times ?? Infinity)) return false
  if (fault.kind === 'server-error' && (fault.every === undefined ? turn : turn % fault.every) >= fault.count)
    return false
  if (fault.kind === 'rate-limit') {
    active.answers = active.answers.filter((answer) => answer > nowMs - 1_000)
    if (active.answers.length < fault.perSecond) {
      active.answers.push(nowMs)
      return false
    }
  }
  active.met += 1
  return true
}
