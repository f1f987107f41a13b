import type { Cell, Column, Database, Row } from '../engine/database.ts'
import type { Query, SqlValue } from '../engine/sql.ts'
import { Model, type ModelOptions } from './index.ts'

/**
 * A model that is built as far as it is asked for, for those who look at a few tables. The roster stays.
 */
export class LazyModel implements Database {
  readonly #db: Database
  readonly #model: Model

  private constructor(db: Database, model: Model) {
    this.#db = db
    this.#model = model
  }

  static async over(db: Database, options: ModelOptions): Promise<LazyModel> {
    return new LazyModel(db, await Model.begin(db, { ...options, keepRoster: true }))
  }

  async run(statement: Query): Promise<void> {
    // The engine tells the tables of queries alone; of other statements every word may be one.
    await this.#model.build(new Set(statement.text.match(/\w+/g)))
    await this.#db.run(statement)
  }

  async rows(query: Query): Promise<Row[]> {
    await this.#buildFor(query)
    return await this.#db.rows(query)
  }

  async *stream(query: Query): AsyncIterable<readonly Row[]> {
    await this.#buildFor(query)
    yield* this.#db.stream(query)
  }

  async *lines(query: Query): AsyncIterable<Buffer> {
    await this.#buildFor(query)
    yield* this.#db.lines(query)
  }

  async columns(query: Query): Promise<readonly Column[]> {
    await this.#buildFor(query)
    return await this.#db.columns(query)
  }

  async scalar(query: Query): Promise<Cell> {
    await this.#buildFor(query)
    return await this.#db.scalar(query)
  }

  async tables(query: Query): Promise<readonly string[]> {
    return await this.#db.tables(query)
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    return await this.#db.transaction(work)
  }

  async append(table: string, rows: Iterable<readonly SqlValue[]>): Promise<void> {
    await this.#model.build(new Set([table]))
    await this.#db.append(table, rows)
  }

  close(): void {
    this.#db.close()
  }

  async #buildFor(query: Query): Promise<void> {
    await this.#model.build(new Set(await this.#db.tables(query)))
  }
}
