/**
 * A key that does not get out by accident: logging, joining, serialising or inspecting it gives `[secret]`.
 * Only `reveal()` gives the value, so a search for that word finds every place that can leak one.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}
