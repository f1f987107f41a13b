import type { Database } from '../engine/database.ts'
import { join, raw, sql, type Query } from '../engine/sql.ts'
import { setApart } from './happenings.ts'
import { columnLeaf, leafColumns, openedColumns, textOf } from './json-record.ts'
import { formulas, orderWords } from './order-words.ts'
import { revenueNames, valueNames } from './vocabulary.ts'

/** A way of counting is believed where this share of the orders follows it, and where there are so many of them. */
const believed = 0.9
const fewest = 20
/** From here on a sender (the till beside the app) is judged by a way of its own. */
const enoughAlone = 100

/** Money back is no order, and what cannot be read is another rule's; without lines there are no goods. */
const judged = raw(`(
  select * from basket
  where goods is not null and amount is not null and discount is not null and shipping is not null and tax is not null
    and not (intent = 'purchase' and amount < 0))`)

/**
 * - `learned_total`: how each sender comes to what its events are worth, found out from these events alone: of all ways to
 *   count (`formulas`) the one that most of them follow. `orders`: on which it was tried; `enough`: whether these
 *   were enough to learn from; `learned`: whether it is believed; `words`: what it says.
 * - `basket_breach`: the baskets in which something is wrong. `breach`: `empty` (no lines, but a value), `total` (not what
 *   was learned: `stated` and `expected`), `currency` (`stated`). `path`: the property that says it.
 */
export async function buildTotals(db: Database): Promise<void> {
  await db.run(raw('create temp table formula (formula integer, words varchar)'))
  await db.append(
    'formula',
    formulas.map(({ words }, index) => [index, words]),
  )
  await learn(db)
  await db.run(sql`
    create temp table breach as
    select seq, 'empty' as breach, amount::varchar as stated, null::varchar as expected from basket where intent <> 'purchase' and lines = 0 and amount > 0
    union all
    select seq, 'currency', currency, null from basket where unknown_currency
    union all
    select seq, 'total', amount::varchar, (round(expected, 2))::varchar
    from (
      select b.seq, b.amount, case l.formula ${join(
        formulas.map(
          ({ sum, unit }, index) => sql`when ${raw(String(index))} then (${sum}) * ${raw(String(unit))}`,
        ),
        ' ',
      )} end as expected, case l.formula ${join(
        formulas.map((_, index) => sql`when ${raw(String(index))} then ${follows(index)}`),
        ' ',
      )} end as fits
      from ${judged} b join learned_total l using (source, name, sender) where l.learned
    ) where not fits`)
  await setApart(db, 'breaching', 'select seq from breach')
  const names = [...new Set([...orderWords.items, ...orderWords.currency, ...valueNames, ...revenueNames])]
  const leaf = columnLeaf(names)
  const first = (from: readonly string[], stands: (value: Query) => Query): Query =>
    sql`case ${join(
      from.map((name) => sql`when ${stands(leaf(name))} then ${name}::varchar`),
      ' ',
    )} end`
  const isThere = (value: Query): Query => sql`${value} is not null`
  const isNumber = (value: Query): Query => sql`try_cast(${textOf(value)} as double) is not null`
  await db.run(sql`
    create table basket_breach as
    with opened as (
      select seq, id, ${openedColumns(raw('data'), names)} from breaching
    ), spread as (
      select *, ${leafColumns(names)} from opened
    ), named as (
      select seq, id, ${first(orderWords.items, isThere)} as items_name, ${first(orderWords.currency, isThere)} as currency_name,
        ${first(valueNames, isNumber)} as value_name, ${first(revenueNames, isNumber)} as revenue_name
      from spread
    )
    select b.seq, n.id, p.cio_id, e.name, k.intent, e.happened_at, b.breach, b.stated, b.expected,
      case b.breach when 'empty' then n.items_name when 'currency' then n.currency_name
        else case when k.intent = 'purchase' then n.revenue_name else n.value_name end end as path
    from breach b join named n using (seq) join basket k using (seq)
    -- equivalent mutants [where true]: the others are joined with nothing, they only fill the memory
    join (from event where seq in (select seq from breach)) e using (seq) left join person p using (person)`)
  await db.run(raw('drop table breaching'))
  await db.run(raw('drop table breach'))
  await db.run(raw('drop table formula'))
}

async function learn(db: Database): Promise<void> {
  await db.run(sql`
    create table learned_total as
    with tried as (
      select source, name, intent, sender, count(*) as orders, [${join(
        formulas.map((_, index) => sql`count(*) filter (${follows(index)})`),
        ', ',
      )}] as fits
      from ${judged} group by source, name, intent, sender
    ), single as (
      select source, name, intent, sender, orders, unnest(fits) as fits, unnest(range(len(fits))) as formula from tried
    ), own as (
      select source, name, intent, sender, any_value(orders) as orders, arg_max(formula, fits * 1000 - formula) as formula, max(fits) as fits
      from single group by all
    ), whole as (
      select source, name, sum(orders) as orders, formula, sum(fits) as fits from single group by source, name, formula
    ), shared as (
      select source, name, any_value(orders) as orders, arg_max(formula, fits * 1000 - formula) as formula, max(fits) as fits
      from whole group by source, name
    ), chosen as (
      select o.source, o.name, o.intent, o.sender, o.orders, o.orders >= ${enoughAlone} as alone,
        case when alone then o.formula else s.formula end as formula, case when alone then o.fits else s.fits end as followers,
        case when alone then o.orders else s.orders end as tried
      from own o join shared s using (source, name)
    )
    select source, name, intent, sender, orders, formula, words, tried >= ${fewest} as enough,
      tried >= ${fewest} and followers >= ${believed} * tried as learned
    from chosen c join formula using (formula)`)
}

/** To the cent of a price: within five of them, or a thousandth where the order is large, for lines are rounded one by one. */
function follows(index: number): Query {
  const { sum, unit } = formulas[index] ?? { sum: raw('null'), unit: 1 }
  return sql`round(abs(amount / ${raw(String(unit))} - (${sum})), 3) <= greatest(0.05, round(abs(${sum}) / 1000, 3))`
}
