import type { ActivityLog } from '../activity-log.ts'
import type { FactBook } from '../facts.ts'
import type { EventDraft, Mark } from '../population/stage.ts'
import type { Random } from '../random.ts'
import type { Variant } from '../types.ts'
import {
  burstCases,
  copiesOf,
  doubleTap,
  keyCases,
  noteDuplicates,
  type DuplicateCase,
} from './duplicates.ts'
import { nameEchoes } from './name-echoes.ts'
import { keyLoser, noteLostKey } from './lost-keys.ts'
import { missingDefects, wrongTypeDefects, type PropertyDefect } from './properties.ts'
import { isOrder, noteSums } from './order-truth.ts'
import { Quota, Turns } from './quota.ts'
import { releaseSpoiler } from './releases.ts'
import { noteUnplanned } from './unplanned.ts'

/** Shares of the events of one name. Healthy stays an order of magnitude below every threshold; no good shop sells on two taps. */
const shares: Readonly<
  Record<Variant, { missing: number; wrong: number; key: number; burst: number; taps: number }>
> = {
  sterile: { missing: 0, wrong: 0, key: 0, burst: 0, taps: 0 },
  healthy: { missing: 0.0005, wrong: 0.0003, key: 0.00004, burst: 0.0002, taps: 0.004 },
  broken: { missing: 0.05, wrong: 0.05, key: 0.025, burst: 0.025, taps: 0.01 },
}

/** Those whose intent is a cart, in the plan of the shop as well as in the built-in one. */
const cartEvents = new Set(['add_to_cart', 'cart_updated'])

/** Other spellings of them, which the built-in plan knows as well. */
const cartEchoes = new Set(['addToCart', 'added_to_cart', 'Cart Updated'])

/** What may happen to the events of one name; each event meets at most one kind of duplication. */
interface Script {
  readonly missing: { quota: Quota; turns: Turns<PropertyDefect> }
  readonly wrong: { quota: Quota; turns: Turns<PropertyDefect> }
  readonly duplicates: readonly { quota: Quota; turns: Turns<DuplicateCase> }[]
}

interface Place {
  readonly variant: Variant
  readonly log: ActivityLog
  readonly facts: FactBook
  readonly random: Random
  readonly nowMs: number
}

/** The door through which every event goes into the log: here it is spoilt, copied, and written down as a fact. */
export function plantEvents({ variant, log, facts, random, nowMs }: Place): (draft: EventDraft) => string {
  const scripts = makeScripts(variant, random)
  const loseKey = keyLoser(variant)
  const release = releaseSpoiler(variant, nowMs)
  const echoes = nameEchoes(variant)

  const write = (draft: EventDraft): string => {
    const { name, timeMs, shopper, data, marks } = draft
    const id = log.add({ type: 'event', name, timeMs, person: shopper.index, data })
    for (const { rule, subject, ...options } of marks) facts.add(rule, subject, [id], options)
    noteSums(facts, draft, id)
    if (draft.beforeWindow === true) return id
    if (cartEvents.has(name) || cartEchoes.has(name))
      shopper.carts.push({ second: Math.floor(timeMs / 1000), isEcho: cartEchoes.has(name), marks })
    noteLostKey(facts, draft, id)
    noteUnplanned(facts, draft)
    return id
  }

  return (draft) => {
    const shared = draft.shopper.sharedKey
    if (shared !== null && shared.event === draft.name) {
      // Nothing else happens to this event, so that what is true of its key stays simple.
      draft.shopper.sharedKey = null
      const id = write({ ...draft, data: { ...draft.data, event_id: shared.key } })
      shared.records.push(id)
      return id
    }
    if (draft.beforeWindow === true || draft.isSettled === true) return write(draft)
    const script = scripts.get(draft.name)
    if (script === undefined) {
      release(draft)
      return write(draft)
    }
    const whole = draft.data
    spoil(draft, script)
    release(draft)
    const duplicated = script.duplicates.find(({ quota }) => quota.next())
    if (duplicated === undefined) loseKey(draft)
    const id = write(draft)
    if (duplicated === undefined) {
      for (const { subject, ...echo } of echoes({ ...draft, data: whole })) {
        const other = write({ ...echo, marks: [] })
        if (subject !== null) facts.add('events/name-variant', subject, [other])
      }
      return id
    }
    const duplicate = duplicated.turns.next()
    const ids = [id, ...copiesOf(draft, duplicate, random).map(write)]
    noteDuplicates(facts, draft.name, duplicate, ids)
    if (isOrder(draft)) facts.add('events/duplicate-order', 'purchase', ids, { surplus: ids.length - 1 })
    return id
  }
}

function makeScripts(variant: Variant, random: Random): Map<string, Script> {
  if (variant === 'sterile') return new Map()
  const share = shares[variant]
  const every = <T>(rate: number, values: readonly T[]) => ({
    quota: new Quota(rate, random.fraction()),
    turns: new Turns(values),
  })
  return new Map(
    Object.entries(missingDefects).map(([name, missing]) => [
      name,
      {
        missing: every(share.missing, missing),
        wrong: every(share.wrong, wrongTypeDefects[name] ?? missing),
        duplicates: [
          every(share.key, keyCases),
          every(share.burst, burstCases),
          every(variant === 'healthy' && name === 'purchase' ? 0 : share.taps, [doubleTap]),
        ],
      },
    ]),
  )
}

/** At most one missing property and one wrong type, never both under one name. An emptied cart is left alone. */
function spoil(draft: EventDraft, { missing, wrong }: Script): void {
  const { data, name } = draft
  if (Array.isArray(data['items']) && data['items'].length === 0) return
  const defects = [missing, wrong].flatMap(({ quota, turns }) => (quota.next() ? [turns.next()] : []))
  const [first, second] = defects
  const root = (defect: PropertyDefect): string => defect.path.split('[')[0] ?? ''
  const chosen =
    first !== undefined && second !== undefined && root(first) === root(second) ? [first] : defects
  if (chosen.length === 0) return
  draft.data = structuredClone(data)
  for (const defect of chosen) defect.spoil(draft.data)
  const marks = chosen.flatMap(({ rule, path, truths }) =>
    truths.map((truth): Mark => ({ rule, subject: `${name}.${path}`, ...truth })),
  )
  draft.marks = [...draft.marks, ...marks]
}
