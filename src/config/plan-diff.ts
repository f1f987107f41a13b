import type {
  Audience,
  Plan,
  PlannedAttribute,
  PlannedEvent,
  PlannedProperty,
  PlannedValue,
  PropertyType,
} from '../core/plan.ts'

/**
 * One difference between two plans. Breaking: what was sent by the old plan can be a defect by the new one, or something
 * that reads by the old plan (a trigger, a segment, a message) may find nothing any more.
 */
export interface PlanChange {
  /** `events.purchase.properties.revenue.type`. */
  readonly path: readonly string[]
  readonly breaking: boolean
  readonly text: string
  /** What journeys that the change concerns would use. */
  readonly reads: Reads
}

export type Reads =
  | { readonly event: string }
  | { readonly event: string; readonly property: string }
  | { readonly attribute: string }

/** All differences, in the order of the plans: attributes, then events. */
export function diffPlans(before: Plan, after: Plan): PlanChange[] {
  return [...attributeChanges(before, after), ...eventChanges(before, after)]
}

interface Place {
  readonly path: readonly string[]
  readonly reads: Reads
}

const change = ({ path, reads }: Place, breaking: boolean, text: string): PlanChange => ({
  path,
  breaking,
  text,
  reads,
})

function attributeChanges(before: Plan, after: Plan): PlanChange[] {
  return namesOf(before.attributes, after.attributes).flatMap((name) => {
    const place = { path: ['attributes', name], reads: { attribute: name } }
    const [old, now] = [before.attributes[name], after.attributes[name]]
    if (now === undefined) return [change(place, true, 'removed: nothing watches over it any more')]
    if (old === undefined) return [added(place, now)]
    return [...valueChanges(place, old, now), ...audienceChanges(place, old, now)]
  })
}

/** Later ones hold fewer people. */
const wider: readonly Audience[] = ['all', 'known']

function audienceChanges(place: Place, old: PlannedAttribute, now: PlannedAttribute): PlanChange[] {
  const changes: PlanChange[] = []
  if (old.appliesTo !== now.appliesTo) {
    const isWider = wider.includes(now.appliesTo) && !(old.appliesTo === 'all')
    const others = old.appliesTo !== 'all' && old.appliesTo !== 'known' && !wider.includes(now.appliesTo)
    changes.push(
      change(
        at(place, 'appliesTo'),
        now.required && (isWider || others),
        `from ${old.appliesTo} to ${now.appliesTo}`,
      ),
    )
  }
  if (old.derivedFrom !== now.derivedFrom)
    changes.push(
      change(
        at(place, 'derivedFrom'),
        now.derivedFrom !== undefined,
        `from ${told(old.derivedFrom)} to ${told(now.derivedFrom)}`,
      ),
    )
  return changes
}

function eventChanges(before: Plan, after: Plan): PlanChange[] {
  // What was an event of its own and is a former name of another one now.
  const renamed = new Map(
    Object.entries(after.events).flatMap(([name, { aliases }]) =>
      aliases
        .filter((alias) => Object.hasOwn(before.events, alias) && !Object.hasOwn(after.events, alias))
        .map((alias) => [alias, name] as const),
    ),
  )
  const targets = new Set(renamed.values())
  return namesOf(before.events, after.events).flatMap((name) => {
    const place: Place = { path: ['events', name], reads: { event: name } }
    const old = before.events[name]
    const now = after.events[renamed.get(name) ?? name]
    if (old === undefined) {
      if (targets.has(name) || now === undefined) return []
      return [change(place, now.critical, now.critical ? 'added, and critical: it must be sent' : 'added')]
    }
    if (now === undefined) return [change(place, true, 'removed: it counts as unplanned')]
    const rename = renamed.get(name)
    const isFolded = rename !== undefined && Object.hasOwn(before.events, rename)
    return [
      ...(rename === undefined
        ? []
        : [
            change(
              place,
              true,
              `${isFolded ? 'is a former name of' : 'renamed to'} ${rename}${isFolded ? ' now' : ''}: what starts with the old name ends`,
            ),
          ]),
      ...ownChanges(place, old, now, [rename ?? name, ...renamed.keys()]),
      ...propertyChanges(
        { path: [...place.path, 'properties'], reads: place.reads },
        old.properties,
        now.properties,
        name,
      ),
    ]
  })
}

/** @param others - names whose change is told by itself: what was renamed, and what bears the name now. */
function ownChanges(
  place: Place,
  old: PlannedEvent,
  now: PlannedEvent,
  others: readonly string[],
): PlanChange[] {
  const changes: PlanChange[] = []
  if (old.intent !== now.intent)
    changes.push(
      change(at(place, 'intent'), old.intent !== null, `from ${told(old.intent)} to ${told(now.intent)}`),
    )
  if (old.critical !== now.critical)
    changes.push(
      change(
        at(place, 'critical'),
        now.critical,
        now.critical ? 'it must be sent now' : 'it need not be sent any more',
      ),
    )
  if (old.dedupeKey !== now.dedupeKey)
    changes.push(
      change(
        at(place, 'dedupeKey'),
        // Of a critical event that it lacks its key is a defect.
        old.dedupeKey !== null || now.critical,
        `from ${told(old.dedupeKey)} to ${told(now.dedupeKey)}`,
      ),
    )
  for (const alias of old.aliases.filter((name) => !now.aliases.includes(name) && !others.includes(name)))
    changes.push(change(at(place, 'aliases'), true, `the former name ${alias} counts no more`))
  for (const alias of now.aliases.filter((name) => !old.aliases.includes(name) && !others.includes(name)))
    changes.push(change(at(place, 'aliases'), false, `the former name ${alias} counts too`))
  return changes
}

type Properties = Readonly<Record<string, PlannedProperty>>

/** @param top - the property of the payload, which messages name; below it they go by that one. */
function propertyChanges(
  place: Place,
  old: Properties,
  now: Properties,
  event: string,
  top?: string,
): PlanChange[] {
  return namesOf(old, now).flatMap((name) => {
    const own: Place = { path: [...place.path, name], reads: { event, property: top ?? name } }
    const [was, is] = [old[name], now[name]]
    if (is === undefined) return [change(own, true, 'removed: messages that show it may find nothing')]
    if (was === undefined) return [added(own, is)]
    return [
      ...valueChanges(own, was, is),
      ...(['properties', 'items'] as const).flatMap((section) =>
        propertyChanges(
          { ...own, path: [...own.path, section] },
          was[section] ?? {},
          is[section] ?? {},
          event,
          top ?? name,
        ),
      ),
    ]
  })
}

const added = (place: Place, { required }: PlannedValue): PlanChange =>
  change(place, required, required ? 'added, and required: what is sent today may lack it' : 'added')

function valueChanges(place: Place, old: PlannedValue, now: PlannedValue): PlanChange[] {
  const changes: PlanChange[] = []
  if (old.type !== now.type)
    changes.push(
      change(
        at(place, 'type'),
        !('attribute' in place.reads ? takesMoreText : takesMore)(old.type, now.type),
        `from ${old.type} to ${now.type}`,
      ),
    )
  if (old.required !== now.required)
    changes.push(
      change(
        at(place, 'required'),
        true,
        now.required
          ? 'required now: what is sent today may lack it'
          : 'no longer required: what reads it may find nothing',
      ),
    )
  if (old.recommended !== now.recommended)
    changes.push(
      change(at(place, 'recommended'), false, now.recommended ? 'recommended now' : 'no longer recommended'),
    )
  return [...changes, ...enumChanges(at(place, 'enum'), old.enum, now.enum), ...limitChanges(place, old, now)]
}

function enumChanges(place: Place, old: PlannedValue['enum'], now: PlannedValue['enum']): PlanChange[] {
  if (old === undefined && now === undefined) return []
  if (now === undefined) return [change(place, false, 'any value is allowed now')]
  if (old === undefined) return [change(place, true, `only these now: ${now.join(', ')}`)]
  const gone = old.filter((value) => !now.includes(value))
  const more = now.filter((value) => !old.includes(value))
  return [
    ...(gone.length === 0 ? [] : [change(place, true, `no longer allowed: ${gone.join(', ')}`)]),
    ...(more.length === 0 ? [] : [change(place, false, `allowed too: ${more.join(', ')}`)]),
  ]
}

function limitChanges(place: Place, old: PlannedValue, now: PlannedValue): PlanChange[] {
  const changes: PlanChange[] = []
  for (const limit of ['min', 'max'] as const) {
    const [was, is] = [old[limit], now[limit]]
    if (was === is) continue
    const isNarrower = is !== undefined && (was === undefined || (limit === 'min' ? is > was : is < was))
    changes.push(change(at(place, limit), isNarrower, `from ${told(was)} to ${told(is)}`))
  }
  if (old.pattern !== now.pattern)
    changes.push(
      change(
        at(place, 'pattern'),
        now.pattern !== undefined,
        `from ${told(old.pattern)} to ${told(now.pattern)}`,
      ),
    )
  return changes
}

const texts = new Set<PropertyType>(['date', 'email', 'phone', 'url', 'country', 'locale', 'currency'])

/** Everything that the old type takes of a property, the new one takes too. */
function takesMore(old: PropertyType, now: PropertyType): boolean {
  return now === 'json' || takesMoreNumbers(old, now) || (now === 'string' && texts.has(old))
}

/** The same of an attribute, which is judged by what its text means: every text is a string, and few are JSON. */
function takesMoreText(old: PropertyType, now: PropertyType): boolean {
  return (
    now === 'string' ||
    takesMoreNumbers(old, now) ||
    (now === 'json' && (old === 'array' || old === 'object'))
  )
}

const takesMoreNumbers = (old: PropertyType, now: PropertyType): boolean =>
  now === 'number' && (old === 'integer' || old === 'timestamp')

const at = ({ path, reads }: Place, key: string): Place => ({ path: [...path, key], reads })
const told = (value: string | number | null | undefined): string => (value == null ? 'none' : String(value))
const namesOf = (old: object, now: object): string[] => [
  ...new Set([...Object.keys(old), ...Object.keys(now)]),
]
