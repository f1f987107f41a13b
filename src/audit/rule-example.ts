import type { DailyCounts } from '../core/past.ts'
import type { PlannedAttribute, PlannedEvent } from '../core/plan.ts'
import type { PlanComparison } from '../core/plan-history.ts'

/** Documentation and test at once: a tiny workspace, and the subjects that must come out. */
export interface RuleExample {
  readonly title: string
  readonly workspace: ExampleWorkspace
  /** Subject keys of the findings, sorted; empty for a near miss that is fine. */
  readonly findings: readonly string[]
}

export interface ExampleWorkspace {
  /** Events of a tracking plan of one's own; the built-in plan without it. */
  readonly plan?: Readonly<Record<string, Partial<PlannedEvent>>>
  /** Attributes of that plan. */
  readonly plannedAttributes?: Readonly<Record<string, Partial<PlannedAttribute>>>
  readonly profiles?: readonly {
    readonly cio_id: string
    readonly id?: string | null
    readonly email?: string | null
    readonly attributes?: Readonly<Record<string, string>>
    readonly unsubscribed?: boolean
    /** 2026-01-01 without it, which is before every window of the examples. */
    readonly createdAt?: string
    /** When attributes were last set. */
    readonly attributeTimes?: Readonly<Record<string, string>>
    readonly devices?: readonly {
      readonly token: string
      readonly platform?: 'ios' | 'android'
      readonly lastUsed?: string
      readonly attributes?: Readonly<Record<string, string>>
    }[]
  }[]
  readonly events?: readonly {
    readonly cio_id: string
    readonly name: string
    readonly at: string
    readonly data?: Readonly<Record<string, unknown>>
    /** Null where the source gives it none. */
    readonly id?: string | null
  }[]
  /** What else stands in the feeds of people: changes, refusals, merges. */
  readonly activities?: readonly {
    readonly cio_id: string
    readonly type: string
    readonly at: string
    readonly data?: unknown
    /** The message that it is about, and the platform that it went to. */
    readonly delivery?: { readonly id: string; readonly type: string }
  }[]
  /** What starts a journey, whom it filters, and its steps; it runs unless it says otherwise. */
  readonly journeys?: readonly {
    readonly id: number
    readonly name?: string
    readonly state?: 'running' | 'draft' | 'stopped'
    readonly event?: string
    readonly dateAttribute?: string
    readonly triggerSegments?: readonly number[]
    readonly filterSegments?: readonly number[]
    readonly actions?: readonly {
      readonly id: number
      readonly type: string
      readonly name?: string
      readonly subject?: string
      readonly body?: string
    }[]
    /** Journeys started on each of the last days, the newest last. */
    readonly started?: readonly number[]
  }[]
  readonly segments?: readonly {
    readonly id: number
    readonly name?: string
    readonly state?: string
    readonly people?: number
  }[]
  /** Messages of warehouse files. */
  readonly deliveries?: readonly {
    readonly id: string
    readonly cio_id: string
    readonly type: string
    readonly journey: number | null
    readonly action: number | null
    readonly at: string
    readonly event?: string
    readonly metrics?: readonly string[]
  }[]
  /** What earlier runs counted. */
  readonly dailyCounts?: DailyCounts
  /** Compared with the plan of the run before. */
  readonly planComparison?: PlanComparison
  /** The shop's own orders. */
  readonly orders?: readonly {
    readonly number: string
    readonly at: string
    readonly customer?: string
    readonly email?: string
    readonly platform?: string
    readonly total?: number
  }[]
  /** Calls of Pipelines files: events, screens, and what the snapshot keeps in its table `call`. */
  readonly calls?: readonly {
    readonly kind: 'event' | 'screen' | 'identify' | 'device' | 'device-deleted' | 'user-deleted'
    readonly at: string
    /** When it came in; at once where nothing is said. */
    readonly received?: string
    readonly user_id?: string
    readonly anonymous_id?: string
    /** Of an event or a screen. */
    readonly name?: string
    readonly token?: string
    readonly platform?: 'ios' | 'android'
    /** Traits, properties, or attributes of the device. */
    readonly data?: Readonly<Record<string, unknown>>
  }[]
}
