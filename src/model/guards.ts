import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { adviceOf, guardSteps, type Guard } from './guard-advice.ts'

/**
 * `guard_advice`: for each event with duplicates (a dedupe key that was there already, or the same payload at the same
 * moment) which guard "has not received this message in the last …" stops them, and what else it stops, in words.
 *
 * Customer.io asks a guard of one profile, so an event is held against the one before it on that profile, whatever it
 * was: a copy on another profile of the person is stopped by none. Two taps are neither copies nor true repeats.
 */
export async function buildGuardAdvice(db: Database): Promise<void> {
  await db.run(
    raw(`
    create temp table extra as
    select seq, max(rank) as rank from (
      select seq, 2 as rank from key_copy where number > 1
      union all select seq, case when certain then 2 else 1 end from burst_copy
    ) group by seq`),
  )
  await db.run(
    raw(
      'create temp table copied as select distinct name from (select name from key_copy union all select name from burst_copy where certain)',
    ),
  )
  const step = guardSteps
    .map(({ seconds }, index) => `when since <= to_seconds(${seconds}) then ${index}`)
    .join(' ')
  const rows = await db.rows(
    raw(`
    with ranked as (
      select e.name, e.person, e.happened_at, coalesce(x.rank, 0) as rank
      from (select seq, name, person, happened_at from event where type = 'event' and person is not null and name in (from copied)) e
      left join extra x using (seq)
    ), spaced as (
      select name, rank, happened_at - lag(happened_at) over (partition by person, name order by happened_at, rank) as since from ranked
    )
    select name, rank = 2 as copy, case ${step} end as step, count(*) as events from spaced
    where rank = 2 or (rank = 0 and since is not null) group by all`),
  )
  await db.run(raw('drop table extra'))
  await db.run(raw('drop table copied'))
  await db.run(raw('create table guard_advice (name varchar, advice varchar)'))
  const byName = Map.groupBy(rows, ({ name }) => String(name))
  await db.append(
    'guard_advice',
    [...byName].map(([name, own]) => {
      const counts = own.map((row) => ({
        isCopy: row['copy'] === true,
        step: row['step'] === null ? null : Number(row['step']),
        events: Number(row['events']),
      }))
      return [name, adviceOf(guardsOf(counts))]
    }),
  )
}

interface Count {
  readonly isCopy: boolean
  /** The shortest guard that stops them; null where none does. */
  readonly step: number | null
  readonly events: number
}

function guardsOf(counts: readonly Count[]): Guard[] {
  const sum = (isCopy: boolean, upTo: number): number =>
    counts.reduce(
      (total, count) =>
        count.isCopy === isCopy && (count.step ?? guardSteps.length) <= upTo ? total + count.events : total,
      0,
    )
  return guardSteps.map(({ label }, index) => ({
    label,
    stopped: sum(true, index),
    copies: sum(true, guardSteps.length),
    swallowed: sum(false, index),
    repeats: sum(false, guardSteps.length),
  }))
}
