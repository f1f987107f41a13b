import { expect, test } from 'vitest'
import { labelOf, readLiquid } from '../../src/model/liquid.ts'

/** `event.a` is bare; `event.a?` has a default or is asked for. */
function read(body: string): string[] {
  const reading = readLiquid(body)
  if ('unread' in reading) return [`unread: ${reading.unread}`]
  return reading.variables.map((variable) => `${labelOf(variable)}${variable.bare ? '' : '?'}`)
}

test.each([
  ['{{event.total}}', ['event.total']],
  ['{{ event.total | round: 2 }}', ['event.total']],
  ['{{ event.total | default: 0 }}', ['event.total?']],
  ['{{ event.total | round | default: 0 | append: customer.x }}', ['customer.x?', 'event.total?']],
  ['{{ customer["first name"] }}', ['customer.first name']],
  ['{{ event.items[0].name }} {{ event.items.first.name }}', ['event.items[0].name']],
  ['{{ event.items.last.name }} {{ event.items.size }}', ['event.items']],
  ['{{ event.items[-1].name }}', ['event.items']],
  ['{{ event.size }} {{ event.last }} {{ event.first }}', ['event.first', 'event.last', 'event.size']],
  ['{{ event[customer.key].a }}', ['customer.key']],
  ['{{ event.list[customer.key].a }}', ['customer.key', 'event.list']],
  ['{{ trigger.total }}', ['trigger.total']],
  ['{{ event }} {{ other.x }} plain', []],
  ['{{ "event.total" }} {% raw %}{{ event.total }}{% endraw %}', []],
  ['{% comment %}{{ event.total }}{% endcomment %}', []],
  ['{% if event.a %}{{ event.a }}{% endif %}', ['event.a?']],
  ['{{ event.a }}{% unless event.a %}x{% endunless %}', ['event.a?']],
  ['{% case customer.tier %}{% when "gold" %}{{ customer.tier }}{% endcase %}', ['customer.tier?']],
  ['{% if event.a %}{{ event.a.b }}{{ event.b }}{% endif %}', ['event.a?', 'event.a.b?', 'event.b']],
  ['{% if event.a.b %}{{ event.a }}{% endif %}', ['event.a', 'event.a.b?']],
  ['{% if event.a %}{{ customer.a }}{% endif %}', ['customer.a', 'event.a?']],
  ['{% if x %}{{ event.a }}{% else %}{{ event.b }}{% endif %}', ['event.a', 'event.b']],
  ['{{ event.a }} {{ event.a | default: 1 }}', ['event.a?']],
  ['{% echo event.a %}', ['event.a']],
  [
    '{% for item in event.items %}{{ item.name }}{% endfor %}{{ item.gone }}',
    ['event.items', 'event.items[].name'],
  ],
  ['{% for i in list %}{{ i.name }}{% endfor %}', []],
  ['{% tablerow p in event.items %}{{ p.price }}{% endtablerow %}', ['event.items', 'event.items[].price']],
  [
    '{% if event.items %}{% for i in event.items %}{{ i.a }}{% endfor %}{% endif %}',
    ['event.items?', 'event.items[].a?'],
  ],
  ['{% assign n = customer.name %}{{ n }}', ['customer.name']],
  ['{% assign n = customer.name %}{{ n | default: "you" }}', ['customer.name?']],
  ['{% assign n = customer.name %}', ['customer.name?']],
  ['{% assign n = customer.name | default: "you" %}Hi {{ n }}', ['customer.name?']],
  ['{% assign n = customer.name | upcase %}Hi {{ n }}', ['customer.name']],
  ['{% assign t = event.a | append: " " | append: event.b %}{{ t }}', ['event.a', 'event.b']],
  ['{% assign t = event.a | prepend: event.b | upcase %}{{ t }}', ['event.a', 'event.b']],
  [
    '{% assign t = "Hi" %}{% assign t = t | append: event.a | append: event.b %}{{ t }}',
    ['event.a', 'event.b'],
  ],
  [
    '{% assign t = event.a | append: event.b %}{% assign u = t | append: event.c %}{{ u }}',
    ['event.a', 'event.b', 'event.c'],
  ],
  ['{% assign t = event.a | append: event.b %}{{ t | default: "x" }}', ['event.a?', 'event.b?']],
  ['{% assign t = event.a | append: event.b %}{{ t.size }}', ['event.a', 'event.b?']],
  ['{% assign t = event.a | append: event.b %}', ['event.a?', 'event.b?']],
  ['{% assign t = event.a | times: event.b %}{{ t }}', ['event.a', 'event.b?']],
  ['{% assign i = event.items | first %}{{ i.name }}{{ i }}', ['event.items', 'event.items[].name']],
  [
    '{% assign i = event.items | where: "a", "b" %}{{ i[0].name }}{{ i.size }}',
    ['event.items', 'event.items[][0].name'],
  ],
  ['{% assign i = event.items[0] %}{{ i.name }}', ['event.items[0]?', 'event.items[0].name']],
  ['{% assign i = event.items.last %}{{ i.name }}', ['event.items?', 'event.items[].name']],
  [
    '{% assign i = event.items.last or event.b %}{{ i.name }}',
    ['event.b?', 'event.items?', 'event.items[].name'],
  ],
  ['{% assign i = event.items[-1] %}{{ i.name }}', ['event.items?', 'event.items[].name']],
  ['{% assign i = event.items[event.n] %}{{ i.name }}', ['event.items?', 'event.items[].name', 'event.n?']],
  [
    '{% assign i = event.items.last %}{% assign o = i.maker %}{{ o.name }}',
    ['event.items?', 'event.items[].maker?', 'event.items[].maker.name'],
  ],
  [
    '{% assign i = event.items | first %}{% assign o = i %}{{ o.name }}',
    ['event.items?', 'event.items[].name'],
  ],
  ['{% assign v = event[event.key] %}{{ v.a }}', ['event.key?']],
  ['{% for pair in customer %}{{ pair[0] }}{% endfor %}', []],
  ['{% assign n = "x" %}{{ n.a }}', []],
  ['{% assign event = "x" %}{{ event.a }}', []],
  ['{% capture c %}{{ event.a }}{% endcapture %}{{ c }}', ['event.a']],
  ['{% unsubscribe_url %} {{ event.a }} {% snippet greeting %}', ['event.a']],
  ['{% cio_block event.b %}{{ event.a }}{% endcio_block %}', ['event.a']],
  ['{{ event.a }}{% assign n = event.a %}', ['event.a']],
  ['{{ event["a.b"] | default: 1 }}{{ event.a.b }}', ['event.a.b?', 'event.a.b']],
  ['{% for i in (event.from..event.to) %}x{% endfor %}', ['event.from', 'event.to']],
  ['{{ "x".event.total }}', []],
  ['{% assign undefined = event.a %}{{ [customer.key].b }}', ['customer.key', 'event.a?']],
  ["{% render 'footer', a: event.a %}", ['event.a?']],
  ['', []],
])('%s', (body, variables) => {
  expect(read(body)).toEqual(variables)
})

test('a text that is put together of more than fifty variables is told of as many', () => {
  const parts = Array.from({ length: 60 }, (_, n) => `{% assign t = t | append: event.p${n} %}`)
  const printed = read(`{% assign t = "" %}${parts.join('')}{{ t }}`).filter(
    (variable) => !variable.endsWith('?'),
  )
  expect(printed).toHaveLength(50)
})

const repeat = (text: string, times: number): string => text.repeat(times)

test.each([
  ['a tag that never ends', '{% if event.a %}{{ event.b }}'],
  ['an output that never ends', 'Hi {{ customer.first_name'],
  ['a tag within a tag', repeat('{%', 60_000)],
  ['brackets without end', `{{ a${repeat('[', 60_000)}}}`],
  ['brackets in brackets', `{{ a${repeat('[a', 40_000)}${repeat(']', 40_000)}}}`],
  ['parentheses without end', `{{ ${repeat('(', 60_000)}}}`],
  ['comments in comments', repeat('{% comment %}', 15_000)],
  ['ifs in ifs', repeat('{% if a %}', 9_000) + repeat('{% endif %}', 9_000)],
  ['more than any message', repeat('x', 200_001)],
])('%s is told as unread, in time', { timeout: 5_000 }, (_, body) => {
  const reading = readLiquid(body)
  expect(reading).toEqual({ unread: expect.stringMatching(/^.{3,120}$/) })
})

test.each([
  ['filters', `{{ event.a ${repeat('| upcase ', 20_000)}}}`, ['event.a']],
  ['conditions', `{% if ${repeat('event.a or ', 15_000)}event.b %}{% endif %}`, ['event.a?', 'event.b?']],
  [
    'names put to themselves',
    `{% assign t = event.a %}${repeat('{% assign t = t | append: t | append: event.b %}', 4_000)}{{ t }}`,
    ['event.a', 'event.b'],
  ],
  ['outputs', repeat('{{ event.a }}', 15_000), ['event.a']],
  ['as long as may be', repeat('x', 200_000), []],
  ['braces that are no Liquid', `} }} ${repeat('{ ', 50_000)}`, []],
])('many %s are read in time', { timeout: 10_000 }, (_, body, variables) => {
  expect(read(body)).toEqual(variables)
})
