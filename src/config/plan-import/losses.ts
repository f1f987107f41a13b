import { pathText, visible } from '../problem.ts'

/** What an import could not carry over, in words and with its place; a list that a person reads to the end is short. */
export class Losses {
  readonly #texts = new Set<string>()

  add(path: readonly PropertyKey[], text: string): void {
    this.#texts.add(visible(`${path.length === 0 ? '' : `${pathText(path)}: `}${text}`))
  }

  list(): readonly string[] {
    return [...this.#texts]
  }
}
