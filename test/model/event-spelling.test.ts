import { expect, test } from 'vitest'
import { isTypo, spellingOf } from '../../src/model/event-spelling.ts'

test.each([
  'add_to_cart',
  'Add To Cart',
  'addToCart',
  'AddToCart',
  'ADD-TO-CART',
  'add.to.cart',
  'add:to/cart',
  ' add  to cart ',
  'ａdd_to_cart',
])('%s is add_to_cart without case and separators', (name) => {
  expect(spellingOf(name).folded).toBe('addtocart')
})

test.each([
  ['added_to_cart', 'add_to_cart'],
  ['Order Shipped', 'ship order', false],
  ['order_shipped', 'order_ship'],
  [' order  shipped ', 'order_ship'],
  ['coupon_applied', 'coupon_apply'],
  ['purchased', 'purchase'],
  ['item_bought', 'item_buy'],
  ['checkout_begun', 'checkout_begin'],
  ['checkout_began', 'checkout_begin'],
  ['order_paid', 'order_pay'],
  ['mail_sent', 'mail_send'],
  ['cart_left', 'cart_leave'],
  ['order_cancelled', 'order_canceled'],
  ['agreed_to_terms', 'agree_to_terms'],
  ['red_selected', 'r_selected', false],
  ['bed_viewed', 'b_viewed', false],
  ['booking_viewed', 'book_viewed', false],
  ['views', 'view', false],
])('%s and %s have one stem: %s', (one, other, same = true) => {
  expect(spellingOf(one).stem === spellingOf(other).stem).toBe(same)
})

test.each([
  ['purchase', 'purchse', true],
  ['purchase', 'purchhase', true],
  ['purchase', 'purchaze', true],
  ['purchase', 'purchsae', true],
  ['purchase', 'urchase', true],
  ['purchase', 'purchasex', true],
  ['purchase', 'purchase', false],
  ['purchase', 'Purchase', false],
  ['purchase', 'purchases', false],
  ['product_viewed', 'products_viewed', false],
  ['products_viewed', 'productsviewed', false],
  ['step_1_done', 'step_2_done', false],
  ['step_done', 'step_done2', false],
  ['step_2_done', 'step_22_done', false],
  ['cart_updated', 'card_updated', false],
  ['Cart Viewed', 'Chart Viewed', false],
  ['cart_viewed', 'cards_viewed', false],
  ['cart_viewed', 'part_viewed', false],
  ['cart_viewed', 'art_viewed', false],
  ['bag_updated', 'tag_updated', false],
  ['card_updated', 'card_updatd', true],
  ['cart_updated', 'carr_updated', true],
  ['purchase', 'purchxxe', false],
  ['purchase', 'purcahes', false],
  ['purchase', 'purhcxase', false],
  ['purchase', 'puchase2', false],
  ['purchase', 'purchasexx', false],
  ['purchase', 'eurchasp', false],
])('%s and %s differ by a slip: %s', (one, other, slip) => {
  expect(isTypo(spellingOf(one), spellingOf(other))).toBe(slip)
  expect(isTypo(spellingOf(other), spellingOf(one))).toBe(slip)
})
