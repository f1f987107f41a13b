import { expect, test } from 'vitest'
import { snapshotTables } from '../../src/core/tables.ts'
import { openDatabase } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { journeyUses } from '../../src/model/journey-uses.ts'

test('what running journeys start with and show', async () => {
  const db = await openDatabase({ path: ':memory:', access: 'write' })
  for (const table of ['campaign', 'campaign_action'] as const)
    await db.run(raw(`create table ${table} (${snapshotTables[table]})`))
  await db.append('campaign', [
    [5n, 'Cart', 'running', 'cart_updated', null],
    [6n, 'Birthday', 'running', null, 'birthday'],
    [7n, 'Draft', 'draft', 'cart_updated', null],
    [8n, null, 'running', 'purchase', null],
  ])
  await db.append('campaign_action', [
    [
      5n,
      1n,
      'push',
      'A',
      'Hi {{customer.first_name | default: "you"}}',
      '{{event.items[0].name}} {{ event["Cart Value"] }}',
    ],
    [
      5n,
      2n,
      'email',
      'B',
      null,
      '{% for i in event.lines %}{{i.price}}{% endfor %} event.nothing {{my_event.no}} {{customer.event.no}}',
    ],
    [5n, 3n, 'delay', 'C', null, null],
    [6n, 4n, 'email', 'D', 'For {{customer.nick}}', null],
    [7n, 5n, 'push', 'E', '{{customer.secret}}', null],
    [
      8n,
      6n,
      'push',
      'F',
      '{% assign e = event %}{{ e.total }}{% comment %}{{ event.old }}{% endcomment %}',
      '{{ event.note | default: "{}" }}{% assign me = customer %}{{ me.tier }}{{ trigger.sku }}{{ event[customer.key] }}',
    ],
    [
      8n,
      7n,
      'push',
      'G',
      '{{ event.broken',
      '{% if %}{{ event.seen }}{{ customer["a b"] }}{{ my.event.no }}',
    ],
  ])
  expect(await journeyUses(db)).toEqual([
    {
      id: 5,
      name: 'Cart',
      event: 'cart_updated',
      attributes: new Set(['first_name', 'event']),
      properties: new Set(['items', 'Cart Value', 'lines']),
    },
    {
      id: 6,
      name: 'Birthday',
      event: null,
      attributes: new Set(['nick', 'birthday']),
      properties: new Set(),
    },
    {
      id: 8,
      name: 'journey 8',
      event: 'purchase',
      attributes: new Set(['key', 'tier', 'a b']),
      properties: new Set(['note', 'total', 'sku', 'seen']),
    },
  ])
  db.close()
})
