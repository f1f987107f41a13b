/**
 * The tracking plan as the model sees it: the contract between product, engineering and retention, already
 * validated (src/config loads it) and free of YAML. Shapes follow section 4 of the contracts.
 */
export const propertyTypes = [
  'string',
  'boolean',
  'integer',
  'number',
  'timestamp',
  'date',
  'email',
  'phone',
  'url',
  'country',
  'locale',
  'currency',
  'json',
  'array',
  'object',
] as const
export type PropertyType = (typeof propertyTypes)[number]

export const intents = [
  'product',
  'cart',
  'checkout',
  'purchase',
  'engagement',
  'lifecycle',
  'noise',
] as const
export type Intent = (typeof intents)[number]

export const audiences = ['all', 'known', 'app-users', 'customers'] as const
export type Audience = (typeof audiences)[number]

export interface PlannedValue {
  readonly type: PropertyType
  readonly required: boolean
  readonly recommended: boolean
  readonly enum?: readonly (string | number | boolean)[]
  readonly min?: number
  readonly max?: number
  /** A regular expression that the whole value must match (RE2 syntax, anchored by the model). */
  readonly pattern?: string
}

export interface PlannedProperty extends PlannedValue {
  /** Keys of an `object`. */
  readonly properties?: Readonly<Record<string, PlannedProperty>>
  /** Keys of each element of an `array` of objects. */
  readonly items?: Readonly<Record<string, PlannedProperty>>
  /** Other names that satisfy the requirement; only the built-in plan has them, because no team wrote its names. */
  readonly alternatives?: readonly string[]
}

export interface PlannedAttribute extends PlannedValue {
  readonly appliesTo: Audience
  /** The event whose newest time the attribute tells (`last_purchase_at` tells that of any purchase without being asked). */
  readonly derivedFrom?: string
}

export interface PlannedEvent {
  readonly intent: Intent | null
  readonly critical: boolean
  readonly dedupeKey: string | null
  /** Former names of the event. */
  readonly aliases: readonly string[]
  readonly properties: Readonly<Record<string, PlannedProperty>>
}

/**
 * What the built-in plan knows of an intent: any of these names, best first. The first name that was seen carries
 * the requirements; the others count as events of that intent but are not held to its properties, because
 * `add_to_cart` beside `cart_updated` is a step and need not carry the whole cart.
 */
export interface IntentPattern {
  readonly intent: Intent
  readonly names: readonly string[]
  readonly critical: boolean
  /** The first of these properties that an event has is its dedupe key. */
  readonly dedupeKeys: readonly string[]
  readonly properties: Readonly<Record<string, PlannedProperty>>
}

export interface Plan {
  readonly version: string
  /** File name relative to the current folder, or `built-in`. */
  readonly origin: string
  readonly attributes: Readonly<Record<string, PlannedAttribute>>
  /** Events of the team's own plan; empty in the built-in one. */
  readonly events: Readonly<Record<string, PlannedEvent>>
  /** Only in the built-in plan: events matched by intent. Empty in a team's own plan. */
  readonly byIntent: readonly IntentPattern[]
}
