import type { Random } from '../random.ts'

export interface Product {
  readonly product_id: string
  readonly sku: string
  readonly name: string
  readonly category: string
  /** Cents, so that sums are exact. */
  readonly cents: number
}

const kinds = [
  ['jackets', ['Rain Jacket', 'Down Jacket', 'Fleece', 'Anorak', 'Parka', 'Shell'], 6_900, 28_900],
  ['shoes', ['Trail Runner', 'Hiking Boot', 'Sandal', 'Approach Shoe', 'Slipper'], 4_900, 22_900],
  ['knitwear', ['Merino Sweater', 'Cardigan', 'Beanie', 'Scarf'], 1_900, 14_900],
  ['bags', ['Daypack', 'Duffel', 'Tote', 'Hip Pack', 'Travel Pack'], 2_900, 19_900],
  ['outdoor', ['Tent', 'Sleeping Bag', 'Stove', 'Headlamp', 'Water Bottle'], 1_200, 49_900],
  ['kids', ['Rain Set', 'Rubber Boot', 'Snowsuit'], 1_900, 8_900],
] as const
const lines = ['Northwind', 'Fjord', 'Summit', 'Harbour', 'Meadow', 'Granite'] as const

/** The shop's assortment. */
export function makeProducts(random: Random): Product[] {
  let number = 10_000
  return kinds.flatMap(([category, names, min, max]) =>
    names.flatMap((name) =>
      lines.map((line) => {
        number += random.int(1, 40)
        const cents = Math.round(random.int(min, max) / 100) * 100 - random.pick([1, 5, 10, 100])
        return {
          product_id: `P${number}`,
          sku: `NW-${number}-${random.pick(['S', 'M', 'L', 'U'])}`,
          name: `${line} ${name}`,
          category,
          cents,
        }
      }),
    ),
  )
}
