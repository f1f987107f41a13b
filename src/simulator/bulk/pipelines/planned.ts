import type { Call } from './calls.ts'

/** A call that is made when its time comes: only the time is kept until then. */
export interface Planned {
  readonly timeMs: number
  make(): Call
}
