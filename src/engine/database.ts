import {
  DuckDBInstance,
  StatementType,
  type DuckDBConnection,
  type DuckDBExtractedStatements,
  type DuckDBPreparedStatement,
} from '@duckdb/node-api'
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CioAuditError } from '../core/errors.ts'
import { engineError } from './engine-error.ts'
import { raw, sql, type Query, type SqlValue } from './sql.ts'
import { threadsFor } from './threads.ts'
import { appendCell, bound, toRow, type Cell, type Row } from './values.ts'

export type { Cell, Row } from './values.ts'

export interface Column {
  readonly name: string
  readonly type: string
}

export interface DatabaseOptions {
  /** A file, or `:memory:`. */
  readonly path: string
  /** `read`: no writes, no files, no settings, one statement at a time. What rules get. */
  readonly access: 'write' | 'read'
  /** Limit of the engine itself; the process is larger by what JavaScript holds. */
  readonly memoryBytes?: number
  readonly threads?: number
  /** How much is going to be read, where that is known: see `threadsFor`. */
  readonly dataBytes?: number
  /**
   * Written once, read once, removed: compressing it would take longer than writing it (a model of ten million events
   * 57 s instead of 47 s).
   */
  readonly isTransient?: boolean
  /** Where the engine spills to; a folder of ours, of this database alone, that is removed afterwards. */
  readonly tempDir?: string
}

/** One DuckDB session: every statement of the program goes through here. */
export interface Database {
  /** Runs one statement and forgets its rows. */
  run(query: Query): Promise<void>
  rows(query: Query): Promise<Row[]>
  /** Rows in chunks of some thousands, so that a million findings cost no memory. Does not see temporary tables. */
  stream(query: Query): AsyncIterable<readonly Row[]>
  /**
   * The first column of the rows as lines of text, each ended by a line feed, in parts of whole lines. The engine writes them
   * to a file in its `tempDir` first: two million lines take 1.2 s so, and 3.2 s as values (2026-11-29), each an object that must
   * be collected. A value must hold neither a line break nor one of the characters 0 and 2. Does not see temporary tables.
   */
  lines(query: Query): AsyncIterable<Buffer>
  /** What a query would give, without running it: names and engine types (`VARCHAR`, `DECIMAL(10,2)`), in their order. */
  columns(query: Query): Promise<readonly Column[]>
  /** Tables, views, table macros and common table expressions that a query names, without running it. */
  tables(query: Query): Promise<readonly string[]>
  /** The first column of the first row. */
  scalar(query: Query): Promise<Cell>
  /** All or nothing: rolled back when `work` throws. Not to be nested. */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** Fast insert of many rows by position; the columns after the last value of a row are null. */
  append(table: string, rows: Iterable<readonly SqlValue[]>): Promise<void>
  close(): void
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { memoryBytes } = options
  const threads = options.threads ?? threadsFor(options)
  const settings: Record<string, string> = {
    access_mode: options.access === 'read' ? 'READ_ONLY' : 'AUTOMATIC',
    // Newer compression (see `snapshotTables`); nobody but this engine reads the files.
    ...(options.access === 'write' ? { storage_compatibility_version: 'latest' } : {}),
    // Each thread holds so many row groups of a large insert back; five, the default, are half a gigabyte of events.
    write_buffer_row_group_count: '1',
    // The order of results is fixed by ORDER BY wherever it matters; keeping insertion order costs memory.
    preserve_insertion_order: 'false',
    // Memory that was freed goes back at once: without it a model of ten million events held 200 MB more.
    allocator_background_threads: 'true',
    allocator_flush_threshold: '16MiB',
    allocator_bulk_deallocation_flush_threshold: '16MiB',
    // Extensions would be fetched from the network; the ones that are built in are enough.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(memoryBytes ? { memory_limit: `${Math.floor(memoryBytes / 1048576)}MiB` } : {}),
    ...(options.isTransient ? { force_compression: 'uncompressed' } : {}),
    ...(threads === undefined ? {} : { threads: String(threads) }),
    ...(options.tempDir ? { temp_directory: options.tempDir } : {}),
  }
  try {
    const instance = await DuckDBInstance.create(options.path, settings)
    const connection = await instance.connect()
    await connection.run("set global timezone = 'UTC'")
    if (options.access === 'read') {
      await connection.run('set enable_external_access = false')
      await connection.run('set lock_configuration = true')
    }
    return new Session(instance, connection, options)
  } catch (cause) {
    throw engineError(cause)
  }
}

class Session implements Database {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  readonly #access: DatabaseOptions['access']
  readonly #tempDir: string | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, options: DatabaseOptions) {
    this.#instance = instance
    this.#connection = connection
    this.#access = options.access
    this.#tempDir = options.tempDir
  }

  async run(query: Query): Promise<void> {
    await this.#told(async () => {
      if (this.#access === 'read') await single(this.#connection, query)
      await this.#connection.run(query.text, ...bound(query.values))
    })
  }

  async rows(query: Query): Promise<Row[]> {
    const result = await this.#asked(this.#connection, query, (statement) => statement.run())
    return (await result.getRowObjectsJS()).map(toRow)
  }

  async *stream(query: Query): AsyncIterable<readonly Row[]> {
    // A connection of its own: a streaming result ends when its connection runs anything else.
    const connection = await this.#instance.connect()
    try {
      const result = await this.#asked(connection, query, (statement) => statement.stream())
      for await (const rows of result.yieldRowObjectJs()) yield rows.map(toRow)
    } catch (cause) {
      throw engineError(cause)
    } finally {
      connection.closeSync()
    }
  }

  async *lines(query: Query): AsyncIterable<Buffer> {
    if (this.#tempDir === undefined) throw new Error('Lines need a folder to be written to.')
    await mkdir(this.#tempDir, { recursive: true })
    const file = join(this.#tempDir, `lines-${randomUUID()}.txt`)
    try {
      // No cell is quoted, and the delimiter never comes up: there is one column.
      await this.run(sql`copy (${query}) to ${file}
        (format csv, header false, quote '', escape '', delimiter ${raw(`'\u0002'`)}, compression none)`)
      yield* wholeLines(file)
    } finally {
      await rm(file, { force: true })
    }
  }

  async columns(query: Query): Promise<Column[]> {
    return await this.#asked(this.#connection, query, async (statement) =>
      Array.from({ length: statement.columnCount }, (_, column) => ({
        name: statement.columnName(column),
        type: statement.columnType(column).toString(),
      })),
    )
  }

  async tables(query: Query): Promise<readonly string[]> {
    // `duckdb_get_table_names` says nothing of queries with two tables (1.5.6), so the engine's syntax tree is asked.
    const tree = await this.scalar(sql`select json_serialize_sql(${query.text}::varchar)`)
    const read = JSON.parse(String(tree)) as { readonly error: boolean; readonly error_message?: string }
    if (read.error) throw new Error(`Not a query: ${read.error_message}`)
    const names = new Set<string>()
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return
      const { type, table_name: table, function: call } = node as Record<string, unknown>
      if (type === 'BASE_TABLE') names.add(String(table))
      if (type === 'TABLE_FUNCTION') names.add((call as { readonly function_name: string }).function_name)
      for (const part of Object.values(node)) visit(part)
    }
    visit(read)
    return [...names]
  }

  async scalar(query: Query): Promise<Cell> {
    const [row] = await this.rows(query)
    return row ? (Object.values(row)[0] ?? null) : null
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    const say = (statement: string): Promise<unknown> => this.#inTurn(() => this.#connection.run(statement))
    await say('begin transaction')
    try {
      const value = await work()
      await say('commit')
      return value
    } catch (cause) {
      // A failed commit has rolled back by itself; then this second failure carries nothing new.
      await say('rollback').catch(() => undefined)
      throw cause instanceof CioAuditError ? cause : engineError(cause)
    }
  }

  async append(table: string, rows: Iterable<readonly SqlValue[]>): Promise<void> {
    await this.#inTurn(() => this.#append(table, rows))
  }

  async #append(table: string, rows: Iterable<readonly SqlValue[]>): Promise<void> {
    try {
      const appender = await this.#connection.createAppender(table)
      for (const row of rows) {
        for (const value of row) appendCell(appender, value)
        for (let missing = appender.columnCount - row.length; missing > 0; missing -= 1) appender.appendNull()
        appender.endRow()
      }
      appender.closeSync()
    } catch (cause) {
      throw engineError(cause)
    }
  }

  close(): void {
    this.#connection.closeSync()
    this.#instance.closeSync()
  }

  /** In its turn; what fails says so in words for people. */
  #told<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      try {
        return await work()
      } catch (cause) {
        throw engineError(cause)
      }
    })
  }

  /**
   * Of a query that may be a rule's; what else a session runs is the program's own. READ_ONLY refuses writes to the file alone. A
   * temporary table, a search path or a detached database would go on being there, and every rule after this one would be
   * asked of something else than the model. What is asked here is parsed and planned once, and then run.
   */
  #asked<T>(
    connection: DuckDBConnection,
    query: Query,
    work: (statement: DuckDBPreparedStatement) => Promise<T>,
  ): Promise<T> {
    return this.#told(async () => {
      const statement = await (await single(connection, query)).prepare(0)
      try {
        if (this.#access === 'read' && statement.statementType !== StatementType.SELECT)
          throw new Error('A rule may only ask: its statement must be a SELECT.')
        const [values, types] = bound(query.values)
        if (values !== undefined) statement.bind(values, types)
        return await work(statement)
      } finally {
        statement.destroySync()
      }
    })
  }

  /**
   * One after the other. A prepared statement is run in two steps, and whatever another one begins on the connection in
   * between closes it: "Attempting to execute an unsuccessful or closed pending query result" (1.5.6, on a busy machine).
   */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const own = this.#last.then(work)
    this.#last = own.catch(() => undefined)
    return own
  }
}

/** READ_ONLY does not refuse a second statement in one text, so it is refused here. */
async function single(connection: DuckDBConnection, query: Query): Promise<DuckDBExtractedStatements> {
  const statements = await connection.extractStatements(query.text)
  if (statements.count !== 1) throw new Error('A rule may run one statement at a time.')
  return statements
}

const lineFeed = 10
const bytesAtOnce = 1024 ** 2

async function* wholeLines(file: string): AsyncIterable<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const part of createReadStream(file, { highWaterMark: bytesAtOnce })) {
    const bytes = rest.length === 0 ? (part as Buffer) : Buffer.concat([rest, part as Buffer])
    const end = bytes.lastIndexOf(lineFeed) + 1
    rest = bytes.subarray(end)
    if (end > 0) yield bytes.subarray(0, end)
  }
}
