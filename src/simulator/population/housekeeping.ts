import { platformOf } from './devices.ts'
import { cartRecovery } from './journeys.ts'
import type { CartVisit } from './sessions.ts'
import type { CustodyAct, Shopper } from './shopper.ts'
import type { Stage } from './stage.ts'

const hourMs = 3_600_000

/** What Customer.io itself writes into the feed about a person: creation, changes, messages, refusals. */
export function keepHouse(stage: Stage, shopper: Shopper, windowStartMs: number): void {
  const { random, log, variant } = stage
  const { person, index } = shopper
  const createdMs = person.createdAt * 1000
  if (createdMs >= windowStartMs) {
    log.add({ type: 'profile_create', timeMs: createdMs, person: index, data: { source: 'api' } })
    // In the broken shop merging is switched off, and so it never happens.
    if (variant !== 'broken' && shopper.known && person.devices.length > 0) {
      const data = { anonymous_id: random.uuid(), merged_events: random.int(1, 5) }
      log.add({ type: 'anon_merge', timeMs: createdMs + 2_000, person: index, data })
    }
  }
  if (shopper.known && random.chance(0.25)) changeTier(stage, shopper)
  // Where the versions of a device are planted, no update may come between them.
  const isPlanted = shopper.feed.some(({ type }) => type === 'device_change')
  if (person.devices.length > 0 && random.chance(0.12) && !isPlanted) updateApp(stage, shopper)
  for (const act of shopper.custody) handOver(stage, shopper, act)
  if (variant !== 'sterile' && random.chance(0.0005)) refuse(stage, shopper)
  for (const { type, hoursAgo, data, refusal } of shopper.feed) {
    const id = log.add({ type, timeMs: stage.nowMs - hoursAgo * hourMs, person: index, data })
    if (refusal !== undefined && hoursAgo < 29 * 24) stage.facts.add('events/rejected', refusal, [id])
  }
}

function changeTier(stage: Stage, { person, index, touched }: Shopper): void {
  if (touched.has('customer_tier')) return
  const to = person.attributes['customer_tier'] ?? 'bronze'
  const from = to === 'gold' ? 'silver' : to === 'silver' ? 'bronze' : ''
  const timeMs = stage.nowMs - stage.random.int(hourMs, 27 * 24 * hourMs)
  if (timeMs / 1000 < person.createdAt) return
  person.attributeTimes['customer_tier'] = Math.floor(timeMs / 1000)
  stage.log.add({
    type: 'attribute_change',
    askName: 'customer_tier',
    timeMs,
    person: index,
    data: { customer_tier: { from, to } },
  })
}

function updateApp(stage: Stage, { person, index, custody }: Shopper): void {
  const device = person.devices[0]
  if (device === undefined || custody.length > 0) return
  const timeMs = stage.nowMs - stage.random.int(hourMs, 27 * 24 * hourMs)
  if (timeMs / 1000 < person.createdAt) return
  const to = device.attributes['app_version'] ?? '3.2.0'
  const data = { id: device.token, platform: device.platform, app_version: { from: '3.0.1', to } }
  stage.log.add({ type: 'device_change', timeMs, person: index, data })
}

/** A device that came has all its attributes new; one that was there already only those that changed. */
function handOver(stage: Stage, { index }: Shopper, { device, at, act }: CustodyAct): void {
  const { token, platform, attributes } = device
  const fields =
    act === 'deleted'
      ? [['deleted', { from: 'false', to: 'true' }]]
      : act === 'renewed'
        ? [['app_version', { from: '3.0.1', to: attributes['app_version'] ?? '' }]]
        : Object.entries(attributes).map(([name, to]) => [name, { from: '', to }])
  const data = { id: token, platform, ...(Object.fromEntries(fields) as object) }
  stage.log.add({ type: 'device_change', timeMs: at * 1000, person: index, data })
}

function refuse(stage: Stage, { index }: Shopper): void {
  const timeMs = stage.nowMs - stage.random.int(hourMs, 27 * 24 * hourMs)
  const reference = stage.random.hex(6)
  const data = {
    name: 'cart_updated',
    reason: `event data is larger than 100000 bytes (reference ${reference})`,
  }
  const id = stage.log.add({ type: 'failed_event', timeMs, person: index, data })
  stage.facts.add('events/rejected', 'event data is larger than … bytes', [id])
}

/** What becomes of a push; `on one phone` bounces on one and arrives on another. */
type PushFate = 'delivered' | 'bounced' | 'dropped' | 'undeliverable' | 'on one phone'

function drawFate({ random, variant }: Stage): PushFate {
  if (variant === 'sterile') return 'delivered'
  const draw = random.fraction()
  if (draw < 0.01) return 'bounced'
  if (variant === 'healthy') return draw < 0.012 ? 'dropped' : 'delivered'
  if (draw < 0.06) return 'bounced'
  if (draw < 0.1) return 'dropped'
  if (draw < 0.14) return 'undeliverable'
  return draw < 0.17 ? 'on one phone' : 'delivered'
}

/** The cart push (and for some the e-mail) after a cart that was not bought. One of each at most per person. */
export function sendCartMessages(stage: Stage, shopper: Shopper, visit: CartVisit): void {
  const { random } = stage
  const { person } = shopper
  const device = person.devices[0]
  if (visit.bought || person.unsubscribed) return
  if (device !== undefined && person.attributes['push_opt_in'] === 'true') {
    deliver(stage, shopper, visit, 'push', device.token, visit.endMs + hourMs / 2, drawFate(stage))
  } else if (person.email !== null && random.chance(0.3)) {
    deliver(stage, shopper, visit, 'email', person.email, visit.endMs + 20 * hourMs, 'delivered')
  }
}

function deliver(
  stage: Stage,
  { person, index }: Shopper,
  visit: CartVisit,
  channel: 'push' | 'email',
  recipient: string,
  timeMs: number,
  fate: PushFate,
): void {
  if (timeMs > stage.nowMs - 60_000) return
  const { random, log, deliveries, facts } = stage
  const id = `dgTEcg${random.urlSafe(20)}`
  const sent = Math.floor(timeMs / 1000)
  const arrives = fate === 'delivered' || fate === 'on one phone'
  // What is dropped or has no device to go to was never sent.
  const isSent = arrives || fate === 'bounced'
  const opened = arrives && random.chance(0.2)
  const data = { delivery_id: id, delivered: arrives ? sent + 1 : null, opened: opened ? true : null }
  const [device] = person.devices
  const deliveryType = channel === 'email' ? 'email' : ((device && platformOf(device)) ?? 'ios')
  const activity = { person: index, data, beside: { delivery_id: id, delivery_type: deliveryType } }
  if (isSent) log.add({ ...activity, type: `sent_${channel}`, timeMs })
  const outcomes = fate === 'on one phone' ? ['bounced', 'delivered'] : [fate]
  for (const outcome of outcomes)
    log.add({ ...activity, type: `${outcome}_${channel}`, timeMs: timeMs + 1_000 })
  if (!arrives) facts.add('devices/push-outcomes', fate, [person.cioId])
  deliveries.push({
    id,
    person: index,
    campaignId: cartRecovery.id,
    actionId: cartRecovery[channel],
    channel,
    recipient,
    createdAt: sent,
    triggerEventId: visit.cartEventId,
    metrics: {
      ...(isSent ? { sent } : {}),
      ...Object.fromEntries(outcomes.map((outcome) => [outcome, sent + 1])),
      ...(opened ? { opened: sent + 600 } : {}),
    },
  })
}
