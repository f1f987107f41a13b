/** How the plan of this run differs from that of the run before. */
export interface PlanComparison {
  readonly version: string
  readonly earlierVersion: string
  /** The version says that something breaks: another major one. */
  readonly announced: boolean
  /** Attributes, events and properties of the earlier plan. */
  readonly entries: number
  readonly changes: readonly {
    /** `events.purchase`: what a finding is about. */
    readonly subject: string
    readonly kind: 'attribute' | 'event'
    readonly name: string
    /** `events.purchase.properties.revenue.type`. */
    readonly path: string
    readonly breaking: boolean
    readonly text: string
  }[]
}

/** Why there is nothing to compare with. */
export interface Absence {
  readonly status: 'skipped'
  readonly reason: string
}

/** The run that asks: it is never compared with itself, so that it gives the same report again. */
export interface AskingRun {
  readonly id: string
  readonly asOf: Date
  /** Null where no source says it and the config does not either. */
  readonly workspaceId: number | null
}
