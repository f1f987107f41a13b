import type { Database } from '../../../engine/database.ts'
import type { Shop } from '../../population/population.ts'
import { derivedSeed, Random } from '../../random.ts'
import type { PopulationOptions } from '../../types.ts'
import type { FileType } from '../formats.ts'
import { PartWriter, type Part } from '../parts.ts'
import { activityCalls } from './activities.ts'
import { callDesk, callTables, type CallType, type Send } from './calls.ts'
import { Contexts } from './contexts.ts'
import { Delays } from './delays.ts'
import { planIdentifies } from './identifies.ts'
import { Logins } from './logins.ts'
import { planCarts } from './plan-carts.ts'
import { planDevices } from './plan-devices.ts'
import type { Planned } from './planned.ts'
import { planVisits } from './plan-visits.ts'
import { planVisitors } from './visitors.ts'

export interface PipelinesPlan {
  readonly fileType: FileType
  readonly folder: string
  readonly prefix: string
  /** Into how many files each type is cut. */
  readonly filesPerType: number
}

/** One block of a shop as the files of a Pipelines storage destination, oldest call first. */
export async function writePipelines(
  { population, shoppers, products, facts }: Shop,
  options: PopulationOptions,
  plan: PipelinesPlan,
  database: Database,
): Promise<Part[]> {
  const { variant } = options
  const nowMs = options.now.getTime()
  const log = population.activities
  const random = new Random(derivedSeed(options.seed, 'pipelines'))
  const contexts = new Contexts(random)
  // Chance of its own: what is before a login moves nothing else.
  const apart = new Random(derivedSeed(options.seed, 'before login'))
  const identifies = shoppers
    .filter(({ known }) => known)
    .flatMap((shopper) => planIdentifies(shopper, contexts, nowMs))
  const planned = [
    ...identifies,
    ...planDevices({ shoppers, contexts, random, variant, nowMs }),
    ...planCarts({
      shoppers,
      products,
      contexts,
      random: new Random(derivedSeed(options.seed, 'growing carts')),
      facts,
      variant,
      nowMs,
    }),
    ...planVisits({ shoppers, products, contexts, random: apart, facts, variant, nowMs }),
    ...(variant === 'sterile'
      ? []
      : planVisitors({ activities: log.length, products, contexts, random, nowMs })),
  ].toSorted((one, other) => one.timeMs - other.timeMs)

  const count = (type: string): number => log.positions(type, undefined).length
  const sizes: Record<CallType, number> = {
    identifies: identifies.length,
    tracks: count('event') + planned.length - identifies.length,
    pages: count('page'),
    screens: count('screen'),
  }
  const writer = (type: CallType): PartWriter => {
    // A tenth more, because logins are only found while the sessions are played.
    const share = Math.max(1, Math.ceil((sizes[type] * 1.1) / plan.filesPerType))
    const rowsPerFile = plan.filesPerType === 1 ? Number.POSITIVE_INFINITY : share
    return new PartWriter({ ...plan, table: callTables[type], rowsPerFile })
  }
  const writers = {
    identifies: writer('identifies'),
    tracks: writer('tracks'),
    pages: writer('pages'),
    screens: writer('screens'),
  }
  const delays = new Delays(nowMs, variant, facts, new Random(derivedSeed(options.seed, 'delays')))
  const send = callDesk({ writers, random, nowMs, variant, delays })
  const play = activityCalls({
    log,
    shoppers,
    contexts,
    random,
    send,
    logins: new Logins(variant, facts, apart, nowMs),
  })
  playInOrder(planned, send, log.positions(undefined, undefined), (position) => log.millisAt(position), play)

  const parts: Part[] = []
  for (const each of Object.values(writers)) parts.push(...(await each.finish(database)))
  return parts
}

function playInOrder(
  planned: readonly Planned[],
  send: Send,
  positions: readonly number[],
  timeOf: (position: number) => number,
  play: (position: number) => void,
): void {
  let next = 0
  const sendUpTo = (timeMs: number): void => {
    for (let call = planned[next]; call !== undefined && call.timeMs <= timeMs; call = planned[next]) {
      send(call.make())
      next += 1
    }
  }
  for (const position of positions) {
    sendUpTo(timeOf(position))
    play(position)
  }
  sendUpTo(Number.POSITIVE_INFINITY)
}
