import type { Row } from '../engine/database.ts'
import { strengthOf } from './shared-identifiers.ts'

interface Tree {
  readonly addresses: Set<string>
  readonly ids: Set<string>
}

/** Union-find over the few components that share something with another one. */
export class Forest {
  readonly #parent = new Map<string, string>()
  readonly #tree = new Map<string, Tree>()

  /** @param row - one shared value: its `strength`, and the `components` that hold it with their `addresses` and `ids`. */
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
    if (strength >= strengthOf('phone') && this.#anyContradiction(components, strength)) return
    for (const component of components.slice(1)) this.#join(components[0] as string, component, strength)
  }

  /** Each component with the one that stands for its tree. */
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
    return (
      strength === strengthOf('token') && components.some((a) => components.some((b) => this.#differ(a, b)))
    )
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
