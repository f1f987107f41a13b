import type { FactBook } from '../facts.ts'
import { isUsedSince } from '../population/devices.ts'
import { reaches, type Shopper } from '../population/shopper.ts'

const window = 30 * 86_400

/**
 * The broken shop attaches nothing that was done before a login (`keepHouse`): everybody known who came in the window
 * and uses the app has lost it.
 */
export function noteMissingMerges(facts: FactBook, shoppers: readonly Shopper[], nowMs: number): void {
  const since = Math.floor(nowMs / 1000) - window
  const lost = shoppers.filter((shopper) => {
    const { known, surface, person } = shopper
    const isPhone = surface === 'ios' || surface === 'android'
    const usesApp =
      (isPhone && reaches(shopper, 'opens')) || person.devices.some((device) => isUsedSince(device, since))
    return known && person.createdAt >= since && usesApp
  })
  const records = lost.map(({ person }) => person.cioId)
  facts.add('identity/merge-evidence', 'anonymous-merge', records)
}

/** Whoever came in the window and has no country still had none an hour after: it was sent with the first call or never. */
export function noteBareNewcomers(facts: FactBook, shoppers: readonly Shopper[], nowMs: number): void {
  const now = Math.floor(nowMs / 1000)
  for (const { known, person } of shoppers) {
    const { createdAt, attributes, cioId } = person
    if (!known || createdAt < now - window || createdAt > now - 3600 || attributes['country']) continue
    facts.add('identity/identify-without-attributes', 'country', [cioId], { plan: 'shop' })
  }
}
