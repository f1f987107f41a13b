import type { Settings } from '../core/settings.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { explainClusters } from './cluster-reasons.ts'
import { Forest } from './forest.ts'
import { buildSharedIdentifiers, strengthOf } from './shared-identifiers.ts'

/**
 * `member`: every profile with the cluster that it belongs to; a cluster is named by its smallest `cio_id`. `firm` is the
 * cluster that e-mail and ids alone make of it, without phones and tokens, which change hands.
 *
 * The same normalised e-mail makes a *component* at once. Weaker evidence (an id that is another's e-mail, ids equal up
 * to case and space, or up to leading zeros and a prefix with a second identifier, a phone, a token) then joins components
 * one group after another, in an order that depends on the data alone, and only while nothing contradicts: two different
 * valid addresses (variants aside; an id that is an address is one where there is no other) within one cluster, or, for a
 * token alone, two different ids. What contradicts is left
 * apart: merging strangers is worse than missing a pair.
 */
export async function buildClusters(db: Database, settings: Settings): Promise<void> {
  await buildSharedIdentifiers(db, settings)
  await db.run(
    raw(`
    create table component as
    select p.cio_id, p.mailbox, p.id_norm, p.id_known, coalesce(s.first, p.cio_id) as component
    -- Windows over the few that share something, never over everybody.
    from profile p left join (
      select cio_id, min(cio_id) over (partition by value) as first from shared_identifier where evidence = 'email' and guard is null
    ) s using (cio_id)`),
  )
  const forest = new Forest()
  const firm = new Forest()
  for await (const rows of db.stream(groups)) {
    for (const row of rows) {
      forest.offer(row)
      if (Number(row['strength']) < strengthOf('phone')) firm.offer(row)
    }
  }
  await db.run(raw('create temp table tree (component varchar, root varchar, firm boolean)'))
  await db.append('tree', treesOf(forest, false))
  await db.append('tree', treesOf(firm, true))
  // A component bears the name of its smallest profile, so the smallest component names the cluster.
  await db.run(
    raw(`
    create table member as
    with named as (
      select component, firm, min(component) over (partition by firm, root) as name from tree
    )
    select c.cio_id, coalesce(j.name, c.component) as cluster, coalesce(f.name, c.component) as firm
    from component c left join named j on j.component = c.component and not j.firm
    left join named f on f.component = c.component and f.firm`),
  )
  await db.run(raw('drop table tree'))
  await db.run(raw('drop table component'))
  await explainClusters(db)
}

function* treesOf(forest: Forest, isFirm: boolean): Iterable<readonly [string, string, boolean]> {
  for (const [component, root] of forest.roots()) yield [component, root, isFirm]
}

/** One row per shared value: the components that hold it, with their addresses and ids. Strongest evidence first. */
const groups = raw(`
  with sharing as (
    select distinct s.strength, s.value, s.holders, c.component
    from shared_identifier s join component c using (cio_id) where s.guard is null
  ), held as (
    -- What all profiles of a component say, not only the ones that hold the value: a contradiction is one of the whole.
    select component, list(distinct mailbox) filter (mailbox is not null) as addresses,
      list(distinct id_norm) filter (id_known) as ids
    from component
    -- equivalent mutants [where true]: of the others nothing is offered, they only fill the memory
    where component in (select component from sharing) group by component
  )
  select strength, list(component order by component) as components, list(addresses order by component) as addresses,
    list(ids order by component) as ids
  -- equivalent mutants [having true; > for >=]: a group of one component joins nothing, it only fills the memory
  from sharing join held using (component) group by strength, value having count(*) > 1
  order by strength, any_value(holders), value`)
