/** How often the events that matter came, in equal steps over the window of a run. Names and counts; nobody is in it. */
export interface Timeline {
  /** The day on which each step begins, `2026-11-23`, in UTC; the first and the last step can be cut by the window. */
  readonly starts: readonly string[]
  /** Days in a step. */
  readonly stepDays: number
  /** The most frequent first. */
  readonly events: readonly TimelineEvent[]
  /** Events of the plan and of judged journeys that came too, and are not listed. */
  readonly unlisted: number
}

export interface TimelineEvent {
  readonly name: string
  /** It starts a journey that is judged. */
  readonly trigger: boolean
  /** One for each step. */
  readonly counts: readonly number[]
}
