import { streamEnds, type FileKind } from '../../core/tables.ts'
import type { Database } from '../../engine/database.ts'
import { sql } from '../../engine/sql.ts'
import type { Reject } from '../../snapshot/index.ts'
import type { AsideFile, BrokenFile, SourceFile } from './recognise.ts'

interface Stream {
  readonly source: FileKind
  readonly name: string
  read: number
  rejected: number
  readonly damage: string[]
  /** Why records must be missing, though every file was read. */
  gap: string | null
}

/** What was read of each stream of the files, gathered while they are loaded and written down at the end. */
export class Ledger {
  readonly #streams = new Map<string, Stream>()
  readonly #rejects: (readonly [string, string, string, string, string])[] = []
  readonly #paths: (readonly [string, FileKind, string, string])[] = []
  readonly #files: (readonly [
    string | null,
    string | null,
    string,
    string | null,
    bigint,
    string | null,
    string | null,
  ])[] = []

  file(file: SourceFile, sha256: string): void {
    this.#stream(file)
    const how = `${file.format}${file.isGzip ? ', gzip' : ''}${file.encoding === 'utf-8' ? '' : `, ${file.encoding}`}`
    this.#files.push([file.kind, file.stream, file.name, how, BigInt(file.bytes), sha256, null])
  }

  /** Under which path the engine has read a file: its own, or that of its mended copy. */
  loadedFrom(path: string, { kind, stream, name }: SourceFile): void {
    this.#paths.push([path, kind, stream, name])
  }

  get paths(): readonly (readonly [string, FileKind, string, string])[] {
    return this.#paths
  }

  aside(file: AsideFile): void {
    this.#files.push([null, null, file.name, null, BigInt(file.bytes), null, file.why])
  }

  read(file: Pick<SourceFile, 'kind' | 'stream'>, rows: number): void {
    this.#stream(file).read += rows
  }

  reject(file: Pick<SourceFile, 'kind' | 'stream'>, { position, reason, raw }: Reject): void {
    const stream = this.#stream(file)
    stream.read += 1
    stream.rejected += 1
    this.#rejects.push([file.kind, file.stream, position, reason, raw])
  }

  moreRejects(file: Pick<SourceFile, 'kind' | 'stream'>, count: number): void {
    const stream = this.#stream(file)
    stream.read += count
    stream.rejected += count
  }

  /** A file that could not be read to its end. */
  broken(file: Pick<BrokenFile, 'kind' | 'stream' | 'name'>, reason: string): void {
    const stream = this.#stream(file)
    stream.damage.push(`${file.name}: ${reason}`)
    this.#rejects.push([file.kind, file.stream, file.name, reason, ''])
  }

  /** Every file was read to its end, and yet not all can be there. */
  short(file: Pick<SourceFile, 'kind' | 'stream'>, reason: string): void {
    this.#stream(file).gap = reason
  }

  /** Rows that went in and were taken out again. */
  sortedOut(source: FileKind, name: string, rows: number): void {
    this.#stream({ kind: source, stream: name }).rejected += rows
  }

  /** Records that are in the snapshot, and whether anything was wrong with any file. */
  get sum(): { readonly kept: number; readonly isFaulty: boolean; readonly damage: readonly string[] } {
    const streams = [...this.#streams.values()]
    const damage = streams.flatMap((stream) => stream.damage)
    return {
      kept: streams.reduce((sum, { read, rejected }) => sum + read - rejected, 0),
      isFaulty: damage.length > 0 || streams.some(({ rejected }) => rejected > 0),
      damage,
    }
  }

  /** For the sentence about a source of which nothing is left. */
  get firstFault(): string {
    const [reject] = this.#rejects
    const rejected =
      reject === undefined ? 'no row of it is a record of Customer.io' : `${reject[2]}: ${reject[3]}`
    return this.sum.damage[0] ?? rejected
  }

  add(other: Ledger): void {
    for (const { source, name, read, rejected, damage } of other.#streams.values()) {
      const stream = this.#stream({ kind: source, stream: name })
      stream.read += read
      stream.rejected += rejected
      stream.damage.push(...damage)
    }
    for (const reject of other.#rejects) this.#rejects.push(reject)
    for (const file of other.#files) this.#files.push(file)
  }

  async write(database: Database): Promise<void> {
    await database.append('reject', this.#rejects)
    await database.append('file', this.#files)
    for (const { source, name, read, rejected, damage, gap } of this.#streams.values()) {
      const isComplete = damage.length === 0 && gap === null
      const ended =
        damage.length > 0
          ? `${streamEnds.damaged}: ${summary(damage)}`
          : gap === null
            ? streamEnds.endOfFiles
            : `${streamEnds.miscounted}: ${gap}`
      await database.run(sql`
        insert into stream values (${source}, ${name}, 'ended', ${read}::bigint, null, ${rejected}::bigint, ${isComplete}, ${ended}, null)`)
    }
  }

  #stream({ kind, stream }: Pick<SourceFile, 'kind' | 'stream'>): Stream {
    const key = `${kind} ${stream}`
    const known = this.#streams.get(key)
    if (known !== undefined) return known
    const fresh: Stream = { source: kind, name: stream, read: 0, rejected: 0, damage: [], gap: null }
    this.#streams.set(key, fresh)
    return fresh
  }
}

/** The first damaged file by name; the others are in the rejects. */
const summary = (damage: readonly string[]): string =>
  `${damage[0] ?? ''}${damage.length > 1 ? ` (and ${damage.length - 1} more)` : ''}`
