import { basename } from 'node:path'
import { InterruptedError } from '../../core/errors.ts'
import type { Database } from '../../engine/database.ts'
import type { Snapshot } from '../../snapshot/index.ts'
import { inParallel } from '../in-parallel.ts'
import type { Load } from './faults.ts'
import { groupsOf, type Group } from './group.ts'
import { checkIntegrity, type Integrity } from './integrity.ts'
import type { Ledger } from './ledger.ts'
import { mend, needsMending } from './mend.ts'
import { checkPages } from './parquet-pages.ts'
import { peopleExportLoads } from './people-export.ts'
import { pipelinesLoads } from './pipelines.ts'
import { endsTheLoad, engineReason, isOutOfMemory } from './reasons.ts'
import type { AsideFile, SourceFile } from './recognise.ts'
import { warehouseLoads } from './warehouse.ts'

export interface LoadOptions {
  /** Where files that must be mended first are written; emptied afterwards. */
  readonly tempDir: string
  readonly signal: AbortSignal
  /** What the load is at, in words. */
  say(text: string): void
}

/** A file with the bytes of one that was read already. */
export interface Copy extends AsideFile {
  readonly of: SourceFile
}

/**
 * Brings files into the snapshot and writes in the ledger what became of each. Of files with the same bytes (a link, a folder
 * that two sources name, a download that was made twice) one is read: where calls bear no message id their copies would
 * be events.
 *
 * @param seen - the files that were read already, by their hash.
 * @returns the copies.
 */
export async function loadFiles(
  snapshot: Snapshot,
  files: readonly SourceFile[],
  ledger: Ledger,
  seen: Map<string, SourceFile>,
  options: LoadOptions,
): Promise<Copy[]> {
  const sound: SourceFile[] = []
  const copies: Copy[] = []
  const checked = await inParallel(files, filesAtOnce, async (file) => {
    options.say(`checking ${file.name}`)
    return await check(file, options.signal).catch(missing)
  })
  for (const [at, file] of files.entries()) {
    const integrity = checked[at] ?? null
    if (integrity === null) {
      ledger.broken(file, takenAway)
      continue
    }
    // The name of a warehouse file says which is the newer state, and a state can come back.
    const name = file.kind === 'warehouse-sync' ? basename(file.path) : ''
    const key = JSON.stringify([file.stream, integrity.sha256, name])
    const first = seen.get(key)
    if (first !== undefined) {
      copies.push({ ...file, why: `it holds the same bytes as ${first.name}`, of: first })
      continue
    }
    seen.set(key, file)
    ledger.file(file, integrity.sha256)
    if (integrity.pageDamage !== null) {
      ledger.broken(file, integrity.pageDamage)
      continue
    }
    if (integrity.damage !== null || needsMending(file))
      await mended(snapshot, file, integrity, ledger, options)
    else sound.push(file)
  }
  for (const group of groupsOf(sound)) await loadGroup(snapshot, group, ledger, options)
  return copies
}

/** Most files of a sync are small, and opening and closing them is what takes the time. */
export const filesAtOnce = 8

async function check(
  file: SourceFile,
  signal: AbortSignal,
): Promise<Integrity & { readonly pageDamage: string | null }> {
  const integrity = await checkIntegrity(file, signal)
  return { ...integrity, pageDamage: file.format === 'parquet' ? await checkPages(file.path, signal) : null }
}

const takenAway = 'it was taken away while the files were read'

/** Whoever keeps a folder in step with another may take files away at any time. */
function missing(cause: unknown): null {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
  throw cause
}

async function loadGroup(
  snapshot: Snapshot,
  group: Group,
  ledger: Ledger,
  options: LoadOptions,
): Promise<void> {
  if (options.signal.aborted) throw new InterruptedError()
  const [first] = group.files
  if (first === undefined) return
  options.say(`${first.stream}: ${group.files.length === 1 ? first.name : `${group.files.length} files`}`)
  try {
    const rows = await withinMemory(snapshot, (database) => run(database, first, group.files))
    for (const file of group.files) ledger.loadedFrom(file.path, file)
    ledger.read(first, rows)
  } catch (cause) {
    if (endsTheLoad(cause) || options.signal.aborted) throw cause
    // One of them is damaged: each by itself, so that the others are read all the same.
    if (group.files.length > 1) {
      for (const file of group.files) await loadGroup(snapshot, { files: [file] }, ledger, options)
    } else if (first.format === 'parquet') {
      ledger.broken(first, engineReason(cause, first.path))
    } else {
      await mended(snapshot, first, { sha256: '', damage: null }, ledger, options)
    }
  }
}

/** Each thread unpacks pages of its own, and large payloads times all threads may not fit: then one thread does it. */
async function withinMemory<T>(snapshot: Snapshot, work: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await snapshot.transact(work)
  } catch (cause) {
    if (!isOutOfMemory(cause)) throw cause
    return await snapshot.transact(work, 1)
  }
}

/** A file of text that the engine would not read as it is: read line by line, and what is sound of it loaded. */
async function mended(
  snapshot: Snapshot,
  file: SourceFile,
  { damage }: Pick<Integrity, 'damage' | 'sha256'>,
  ledger: Ledger,
  options: LoadOptions,
): Promise<void> {
  if (file.format === 'parquet') {
    ledger.broken(file, damage ?? 'it is damaged')
    return
  }
  options.say(`${file.stream}: ${file.name}, line by line`)
  const clean = await mend(file, options.tempDir, options.signal).catch(missing)
  if (clean === null) {
    ledger.broken(file, takenAway)
    return
  }
  for (const reject of clean.rejects) ledger.reject(file, reject)
  ledger.moreRejects(file, clean.rejected - clean.rejects.length)
  if (damage !== null) ledger.broken(file, damage)
  if (clean.records === 0) return
  try {
    ledger.read(file, await snapshot.transact((database) => run(database, file, [clean.file])))
    ledger.loadedFrom(clean.file.path, file)
  } catch (cause) {
    if (endsTheLoad(cause) || options.signal.aborted) throw cause
    ledger.broken(file, engineReason(cause, clean.file.path))
  }
}

/** @returns rows that went in. */
async function run(
  database: Database,
  { kind, stream }: SourceFile,
  files: readonly SourceFile[],
): Promise<number> {
  let rows = 0
  for (const { query } of loadsOf(kind, stream, files)) {
    const [inserted] = await database.rows(query)
    rows += Number(Object.values(inserted ?? {})[0] ?? 0)
  }
  return rows
}

function loadsOf(kind: SourceFile['kind'], stream: string, files: readonly SourceFile[]): Load[] {
  if (kind === 'pipelines') return pipelinesLoads(stream, files)
  return kind === 'warehouse-sync' ? warehouseLoads(stream, files) : peopleExportLoads(files)
}
