import type { Settings } from '../core/settings.ts'
import type { Database, Row } from '../engine/database.ts'
import { raw, sql } from '../engine/sql.ts'

/**
 * `member`: every profile with the cluster that it belongs to; a cluster is named by its smallest `cio_id`.
 *
 * The same normalised e-mail makes a *component* at once. Weaker evidence (an id that is another's e-mail, ids equal up
 * to case and space, a phone, a token) then joins components one group after another, in an order that depends on the
 * data alone, and only while nothing contradicts: two different valid addresses (variants aside) within one cluster, or,
 * for a token alone, two different ids. What contradicts is left apart: merging strangers is worse than missing a pair.
 */
export async function buildClusters(db: Database, settings: Settings): Promise<void> {
  await db.run(sql`
    create table component as
    select cio_id, email_variant, id_norm, id_known,
      case when email_joins and count(*) over (partition by email_norm) <= ${settings.identity.maxShare}
        then min(cio_id) over (partition by email_norm) else cio_id end as component
    from profile`)
  const forest = new Forest()
  await db.run(sharedValues(settings.identity.maxShare))
  for await (const rows of db.stream(groups)) {
    for (const row of rows) forest.offer(row)
  }
  await db.run(raw('create temp table joined (component varchar, root varchar)'))
  await db.append('joined', forest.roots())
  await db.run(
    raw(`
    create table member as
    select c.cio_id, min(c.cio_id) over (partition by coalesce(j.root, c.component)) as cluster
    from component c left join joined j on j.component = c.component`),
  )
  await db.run(raw('drop table joined'))
  await db.run(raw('drop table shared_value'))
  await db.run(raw('drop table component'))
}

/** `shared_value`: what the profiles of two and more components hold, by strength of evidence (1 is the strongest). */
const sharedValues = (maxShare: number) => sql`
  create table shared_value as
  with id_as_email as (
    select i.id_norm as value, i.cio_id as by_id, e.cio_id as by_email
    from profile i join profile e on e.email_norm = i.id_norm
    where i.email_norm is null and i.id_known and e.email_joins
  ), value as (
    select 1 as strength, value, by_id as cio_id from id_as_email
    union
    select 1, value, by_email from id_as_email
    union all
    select 2, id_norm, cio_id from profile where id_known
    union all
    select 3, phone_norm, cio_id from profile where phone_norm not in (from placeholder)
    union all
    select 4, token, cio_id from device where well_formed
  ), shared as (
    select strength, value, count(*) as holders from value
    group by strength, value having count(*) between 2 and ${maxShare}
  )
  select distinct strength, value, s.holders, c.component
  from shared s join value v using (strength, value) join component c on c.cio_id = v.cio_id`

/** One row per shared value: the components that hold it, with their addresses and ids. Strongest evidence first. */
const groups = raw(`
  with held as (
    -- What all profiles of a component say, not only the ones that hold the value: a contradiction is one of the whole.
    select component, list(distinct email_variant) filter (email_variant is not null) as addresses,
      list(distinct id_norm) filter (id_known) as ids
    from component where component in (select component from shared_value) group by component
  )
  select strength, list(component order by component) as components, list(addresses order by component) as addresses,
    list(ids order by component) as ids
  -- equivalent mutants [having true; > for >=]: a group of one component joins nothing, it only fills the memory
  from shared_value join held using (component) group by strength, value having count(*) > 1
  order by strength, any_value(holders), value`)

const tokenAlone = 4
const sharedContact = 3

interface Tree {
  readonly addresses: Set<string>
  readonly ids: Set<string>
}

/** Union-find over the few components that share something with another one. */
class Forest {
  readonly #parent = new Map<string, string>()
  readonly #tree = new Map<string, Tree>()

  offer(row: Row): void {
    const components = row['components'] as string[]
    components.forEach((component, index) => {
      this.#plant(
        component,
        (row['addresses'] as string[][])[index] ?? [],
        (row['ids'] as string[][])[index] ?? [],
      )
    })
    const strength = Number(row['strength'])
    // A phone or token whose holders contradict is shared (a family, a till, an account switch): it joins none of them.
    if (strength >= sharedContact && this.#anyContradiction(components, strength)) return
    for (const component of components.slice(1)) this.#join(components[0] as string, component, strength)
  }

  *roots(): Iterable<readonly [string, string]> {
    for (const component of this.#parent.keys()) yield [component, this.#root(component)]
  }

  #plant(component: string, addresses: readonly string[], ids: readonly string[]): void {
    if (!this.#parent.has(component)) {
      this.#parent.set(component, component)
      this.#tree.set(component, { addresses: new Set(), ids: new Set() })
    }
    const tree = this.#treeOf(component)
    for (const address of addresses) tree.addresses.add(address)
    for (const id of ids) tree.ids.add(id)
  }

  #root(component: string): string {
    let root = component
    for (
      let parent = this.#parent.get(root);
      parent !== undefined && parent !== root;
      parent = this.#parent.get(root)
    )
      root = parent
    return root
  }

  #treeOf(component: string): Tree {
    return this.#tree.get(this.#root(component)) as Tree
  }

  #anyContradiction(components: readonly string[], strength: number): boolean {
    const addresses = new Set(components.flatMap((component) => [...this.#treeOf(component).addresses]))
    if (addresses.size > 1) return true
    return strength === tokenAlone && components.some((a) => components.some((b) => this.#differ(a, b)))
  }

  /** Both sides have ids, and none in common. */
  #differ(a: string, b: string): boolean {
    const [left, right] = [this.#treeOf(a).ids, this.#treeOf(b).ids]
    return left.size > 0 && right.size > 0 && [...left].every((id) => !right.has(id))
  }

  #join(a: string, b: string, strength: number): void {
    const [rootA, rootB] = [this.#root(a), this.#root(b)]
    if (rootA === rootB || this.#anyContradiction([a, b], strength)) return
    const [tree, other] = [this.#treeOf(a), this.#treeOf(b)]
    this.#parent.set(rootB, rootA)
    this.#tree.delete(rootB)
    for (const address of other.addresses) tree.addresses.add(address)
    for (const id of other.ids) tree.ids.add(id)
  }
}
