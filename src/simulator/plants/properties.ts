import type { Fact } from '../types.ts'

type Data = Record<string, unknown>
type Item = Record<string, unknown>

/** One way to spoil one property of one event, and the plans for which that is a finding. */
export interface PropertyDefect {
  readonly rule: 'events/missing-property' | 'events/wrong-type'
  readonly path: string
  readonly truths: readonly Pick<Fact, 'plan' | 'informative'>[]
  spoil(data: Data): void
}

const everywhere = [{ plan: 'both', informative: false }] as const
const shopOnly = [{ plan: 'shop', informative: false }] as const

/** One of each list in turn, so that even few events meet every property. */
function interleave(...lists: readonly (readonly PropertyDefect[])[]): PropertyDefect[] {
  const longest = Math.max(...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? [])).flat()
}

const itemsOf = (data: Data): Item[] => (Array.isArray(data['items']) ? (data['items'] as Item[]) : [])

/** A property that is not there: absent, null or empty. */
function missing(path: string, truths: PropertyDefect['truths']): PropertyDefect[] {
  const defect = (spoil: (data: Data) => void): PropertyDefect => ({
    rule: 'events/missing-property',
    path,
    truths,
    spoil,
  })
  return [
    defect((data) => delete data[path]),
    defect((data) => (data[path] = null)),
    defect((data) => (data[path] = '')),
  ]
}

/** `items: []` beside a value is a lost cart; beside 0 it is an emptied one and fine. */
const emptyItems: PropertyDefect = {
  rule: 'events/missing-property',
  path: 'items',
  truths: everywhere,
  spoil: (data) => (data['items'] = []),
}

/** A key that elements of `items` lack: one element, the last one, or all. */
function missingInItems(key: string): PropertyDefect[] {
  const defect = (spoil: (items: Item[]) => void): PropertyDefect => ({
    rule: 'events/missing-property',
    path: `items[].${key}`,
    truths: shopOnly,
    spoil: (data) => spoil(itemsOf(data)),
  })
  return [
    defect((items) => delete items[0]?.[key]),
    defect((items) => Object.assign(items.at(-1) ?? {}, { [key]: null })),
    defect((items) => items.forEach((item) => (item[key] = ''))),
    defect((items) => items.forEach((item) => delete item[key])),
  ]
}

function wrong(
  path: string,
  truths: PropertyDefect['truths'],
  ...values: ((good: unknown) => unknown)[]
): PropertyDefect[] {
  return values.map((value) => ({
    rule: 'events/wrong-type',
    path,
    truths,
    spoil: (data) => (data[path] = value(data[path])),
  }))
}

function wrongInItems(key: string, ...values: ((good: unknown) => unknown)[]): PropertyDefect[] {
  return values.map((value) => ({
    rule: 'events/wrong-type',
    path: `items[].${key}`,
    truths: shopOnly,
    spoil: (data) => {
      const item = itemsOf(data).at(-1)
      if (item !== undefined) item[key] = value(item[key])
    },
  }))
}

const wrongMoney = [
  (good: unknown) => String(good),
  (good: unknown) => `${String(good)} €`,
  (good: unknown) => ({ amount: good }),
  () => '1.299,00',
  () => true,
] as const
const wrongItems = [
  (good: unknown) => JSON.stringify(good),
  (good: unknown) => ({ 0: good }),
  () => 'P10042, P10080',
  () => 2,
  () => true,
] as const

const productDefects = (truths: PropertyDefect['truths']): PropertyDefect[] =>
  interleave(missing('product_id', truths), missing('price', truths))
const wrongProduct = (truths: PropertyDefect['truths']): PropertyDefect[] =>
  interleave(
    wrong('price', truths, ...wrongMoney),
    wrong(
      'product_id',
      shopOnly,
      () => 10_042,
      () => ['P10042'],
      () => ({ id: 'P10042' }),
    ),
  )
const missingItems = [...missing('items', everywhere).slice(0, 2), emptyItems]
const cartDefects = interleave(
  missing('cart_id', shopOnly),
  missing('cart_value', everywhere),
  missing('currency', everywhere),
  missingItems,
  missingInItems('product_id'),
  missingInItems('price'),
)
const wrongCart = interleave(
  wrong('cart_value', everywhere, ...wrongMoney),
  wrong('items', everywhere, ...wrongItems),
  wrong(
    'currency',
    everywhere,
    () => 'Euro',
    () => '€',
    () => 978,
    () => ['EUR'],
    () => 'US Dollar',
  ),
  wrong('cart_value', shopOnly, (good) => -Number(good)),
  wrongInItems(
    'price',
    (good) => String(good),
    () => ({ amount: 12 }),
    () => '12,90',
  ),
  wrongInItems(
    'quantity',
    () => 1.5,
    () => '2',
    () => 'two',
    () => true,
  ),
)

/** What may be missing, by event. The turns go through each list, so every spelling occurs. */
export const missingDefects: Readonly<Record<string, readonly PropertyDefect[]>> = {
  product_viewed: productDefects(everywhere),
  add_to_cart: productDefects(shopOnly),
  cart_updated: cartDefects,
  checkout_started: cartDefects,
  purchase: interleave(
    missing('order_id', everywhere),
    missing('revenue', everywhere),
    missing('currency', shopOnly),
    missingItems,
    missingInItems('product_id'),
    missingInItems('price'),
  ),
}

/** What may be of a wrong type, by event. */
export const wrongTypeDefects: Readonly<Record<string, readonly PropertyDefect[]>> = {
  product_viewed: wrongProduct(everywhere),
  add_to_cart: interleave(
    wrongProduct(shopOnly),
    wrong(
      'quantity',
      shopOnly,
      () => '1',
      () => 1.5,
      () => 'one',
    ),
  ),
  cart_updated: wrongCart,
  checkout_started: wrongCart,
  purchase: interleave(
    wrong('revenue', everywhere, ...wrongMoney),
    wrong('items', everywhere, ...wrongItems),
    wrong(
      'order_id',
      shopOnly,
      (good) => Number(String(good).slice(4)),
      (good) => String(good).replace('ORD-', '#'),
      (good) => [good],
    ),
    wrong(
      'payment_method',
      shopOnly,
      () => 'cash',
      () => 'PayPal',
      () => 3,
    ),
    wrong(
      'discount',
      everywhere,
      (good) => String(good),
      () => '10%',
    ),
    wrongInItems(
      'price',
      (good) => String(good),
      () => '12,90',
    ),
  ),
}
