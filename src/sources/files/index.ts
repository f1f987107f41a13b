import { dirname } from 'node:path'
import { SourceError, UsageError } from '../../core/errors.ts'
import { openDatabase } from '../../engine/database.ts'
import type { Snapshot } from '../../snapshot/index.ts'
import { inParallel } from '../in-parallel.ts'
import { factsOf, filesHash } from './facts.ts'
import { Ledger } from './ledger.ts'
import { filesAtOnce, loadFiles } from './load.ts'
import { ParquetProbe } from './parquet-columns.ts'
import { ownReport, ownReports } from './own-report.ts'
import { foreignPacking, recognise, type AsideFile, type BrokenFile, type SourceFile } from './recognise.ts'
import { dropRepeated, dropSuperseded, forgetFiles, sortOut } from './sort-out.ts'
import { tellStrangers } from './strangers.ts'
import { tellAside, tellFound } from './told.ts'
import { walk } from './walk.ts'

/** What lies under one `--source`. */
export interface FoundSource {
  /** As it was given. */
  readonly name: string
  readonly files: readonly SourceFile[]
  readonly broken: readonly BrokenFile[]
  readonly aside: readonly AsideFile[]
}

/** Looks at each path, and ends with exit 2 where one holds nothing of Customer.io's. Nothing is written by then. */
export async function findSources(
  paths: readonly { readonly path: string; readonly name: string }[],
): Promise<FoundSource[]> {
  const database = await openDatabase({ path: ':memory:', access: 'write', threads: 1 })
  const probe = new ParquetProbe(database)
  try {
    const found: FoundSource[] = []
    for (const { path, name } of paths) {
      const before = found.reduce(
        (sum, { files, broken, aside }) => sum + files.length + broken.length + aside.length,
        0,
      )
      found.push(
        await findSource(probe, path, name, before).catch((cause: unknown) => {
          throw isForbidden(cause) ? forbidden(name, cause) : cause
        }),
      )
    }
    return found
  } finally {
    database.close()
  }
}

const isForbidden = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')

const forbidden = (name: string, cause: unknown): SourceError =>
  new SourceError(
    'SOURCE_FORBIDDEN',
    `Something in --source ${name} may not be read by this user.`,
    'Give the user that runs cio-audit the right to read all of it.',
    { cause },
  )

async function findSource(
  probe: ParquetProbe,
  path: string,
  name: string,
  before: number,
): Promise<FoundSource> {
  const walked = await walk(path, name, before)
  const own = await ownReports(walked)
  const paths = new Set(walked.map((file) => file.path))
  const whyAside = (file: string): string | null => {
    if (own.has(file)) return ownReport
    return foreignPacking.test(file) && paths.has(file.replace(foreignPacking, ''))
      ? 'it lies beside it unpacked'
      : null
  }
  const all = await inParallel(walked, filesAtOnce, async (file) => {
    const why = whyAside(file.path)
    return why === null ? await recognise(file, probe) : { aside: { ...file, why } }
  })
  const files = all.flatMap((one) => ('file' in one ? [one.file] : []))
  const aside = all.flatMap((one) => ('aside' in one ? [one.aside] : []))
  const broken = all.flatMap((one) => ('broken' in one ? [one.broken] : []))
  const strayed = aside.flatMap((file) => (file.isDamaged ? strayedOf(file, files) : []))
  const found = {
    name,
    files,
    broken: [...broken, ...strayed],
    aside: aside.filter((file) => !strayed.some(({ path: other }) => other === file.path)),
  }
  if (found.files.length === 0 && found.broken.length === 0) throw noSource(found, walked.length)
  return found
}

/**
 * A data file of which nothing can be read, not even what it is: it may be of any stream that its folder holds, else of any
 * that the source holds. Left aside it would be missing, and its stream would pass for whole.
 */
function strayedOf(file: AsideFile, files: readonly SourceFile[]): BrokenFile[] {
  const beside = files.filter(({ path }) => dirname(path) === dirname(file.path))
  const streams = new Map(
    (beside.length > 0 ? beside : files).map(({ kind, stream }) => [`${kind} ${stream}`, { kind, stream }]),
  )
  return [...streams.values()].map((of) => ({ ...file, ...of, reason: file.why, isStray: true }))
}

function noSource({ name, aside }: FoundSource, files: number): UsageError {
  const [first] = aside
  const why =
    files === 0
      ? 'there is no file in it'
      : files === 1 && first !== undefined
        ? first.why
        : `none of its ${files} files is one of Customer.io's${first === undefined ? '' : ` (${first.name}: ${first.why})`}`
  return new UsageError(
    'USAGE_SOURCE',
    `--source ${name} is no source: ${why}.`,
    'Name a people export (CSV), a folder of the data-warehouse sync (Parquet), a folder of Pipelines files (Parquet, JSON lines or CSV), a .duckdb snapshot, or api.',
  )
}

export interface FilesOptions {
  readonly tempDir: string
  readonly signal: AbortSignal
  readonly now: Date
  say(text: string): void
  /** Stays on the screen. */
  note(text: string): void
}

/**
 * Loads every file into the snapshot, in the place of what files brought before. Throws `SourceError` where nothing of
 * a source could be read; what can be read in part makes its stream incomplete.
 *
 * @returns the hash of the snapshot: of what was there before, and of the bytes of the files.
 */
export async function bringFiles(
  snapshot: Snapshot,
  found: readonly FoundSource[],
  options: FilesOptions,
): Promise<string> {
  await snapshot.transact(forgetFiles)
  const before = await snapshot.contentHash()
  const ledger = new Ledger()
  const seen = new Map<string, SourceFile>()
  for (const source of found) {
    for (const line of tellFound(source)) options.note(line)
    const own = new Ledger()
    for (const file of source.broken) own.broken(file, file.reason)
    const copies = await loadFiles(snapshot, source.files, own, seen, options)
    for (const line of tellAside(source.name, copies)) options.note(line)
    for (const file of [...source.aside, ...copies]) own.aside(file)
    await snapshot.transact((database) => sortOut(database, own))
    ledger.add(own)
    // A folder within one that was read before: what is sound of it was read there.
    const isReadBefore = copies.some(({ of }) => !source.files.includes(of))
    if (own.sum.kept === 0 && own.sum.isFaulty && !isReadBefore) throw unreadable(source, own)
    for (const damage of new Set(own.sum.damage)) options.note(`Left out in whole or in part: ${damage}.`)
  }
  options.say('looking for calls that came twice')
  const repeated = await snapshot.transact(dropRepeated)
  const superseded = await snapshot.transact(dropSuperseded)
  const missing = await snapshot.transact((database) => tellStrangers(database, ledger))
  if (missing !== null) options.note(`Not everybody is in the files: ${missing}.`)
  await snapshot.transact((database) => ledger.write(database))
  await snapshot.setMeta({
    ...(await factsOf(snapshot, found, options.now)),
    repeated_calls: String(repeated),
    superseded_records: String(superseded),
  })
  return await filesHash(snapshot, before, superseded)
}

function unreadable({ name }: FoundSource, ledger: Ledger): SourceError {
  return new SourceError(
    'SOURCE_UNREADABLE',
    `Nothing of --source ${name} could be read: ${ledger.firstFault}.`,
    'Fetch the files again; a file that is still being written must be finished first.',
  )
}
