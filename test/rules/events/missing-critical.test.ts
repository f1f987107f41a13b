import { expect, test } from 'vitest'
import rule from '../../../rules/events/missing-critical.ts'
import { judge, messages } from '../support.ts'

const seen = (name: string) => ({ cio_id: 'a1', name, at: '2026-11-20T10:00:00Z' })

test('critical events of a plan that never came, under their name or a former one', async () => {
  const plan = {
    cart_updated: { critical: true },
    order_paid: { critical: true },
    order_sent: { critical: true, aliases: ['Parcel Left'] },
    search: { critical: false },
    login: { critical: true },
  }
  const events = [seen('cartUpdatedNow'), seen('cart_seen'), seen('Parcel Left'), seen('order_paid')]
  const judged = await judge(rule, { plan, events })
  expect(messages(judged)).toEqual([
    'cart_updated was not seen once; similar names that were: cartUpdatedNow, cart_seen',
    'login was not seen once',
  ])
  expect(judged.evidence).toEqual([
    { subject: 'cart_updated', event: 'cart_updated', cio_id: '', similar_names: 'cartUpdatedNow cart_seen' },
    { subject: 'login', event: 'login', cio_id: '', similar_names: '' },
  ])
  expect(judged.population).toBe(4)
  expect(judged.doubts).toEqual([])
})

test('what the built-in plan does not find is a doubt, and never a finding', async () => {
  const judged = await judge(rule, {
    events: [seen('purchase'), seen('cartFrobbed')],
  })
  expect(judged.findings).toEqual([])
  expect(judged.evidence).toEqual([])
  expect(judged.doubts).toEqual([
    'no cart event was found under a usual name (is it cartFrobbed?): name it in tracking-plan.yaml',
    'no checkout event was found under a usual name: name it in tracking-plan.yaml',
    'no product event was found under a usual name: name it in tracking-plan.yaml',
  ])
})

test('none may be missing', () => {
  expect(rule.meta.threshold).toEqual({ maxCount: 0 })
})
