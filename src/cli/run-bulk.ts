import { mkdir, open, readdir } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { exitCodes, ReportError, UsageError } from '../core/errors.ts'
import {
  writeBulkFiles,
  type BulkFiles,
  type BulkKind,
  type Fact,
  type FileType,
} from '../simulator/index.ts'
import { writeOut, type Io } from './io.ts'
import { populationOf, type ShopFlags } from './shop-flags.ts'

export interface BulkFlags extends ShopFlags {
  readonly as: string | undefined
  readonly out: string | undefined
  readonly 'file-type': string | undefined
  readonly messy: boolean
  readonly facts: string | undefined
}

/** `cio-audit simulate --as …`: the shop as files, and then it ends. */
export async function runBulk(flags: BulkFlags, kind: BulkKind, io: Io): Promise<number> {
  const { out, messy, facts } = flags
  if (out === undefined) {
    throw new UsageError(
      'USAGE_OUT',
      `--as ${kind} writes files, and nothing says where.`,
      'Name an empty or new folder with --out.',
    )
  }
  const folder = resolve(io.cwd, out)
  const fileType = fileTypeOf(flags, kind)
  const population = populationOf(flags, io)
  await prepare(folder, out)
  const written = await disk(folder, () =>
    writeBulkFiles({ ...population, kind, folder, fileType, messy, signal: io.signal }),
  ).catch((cause: unknown) => {
    if (!io.signal.aborted) throw cause
    return null
  })
  if (written === null) {
    io.stderr.write('Interrupted; no files were written.\n')
    return exitCodes.interrupted
  }
  if (facts !== undefined) {
    const path = resolve(io.cwd, facts)
    await disk(path, () => writeFacts(path, written.facts))
  }
  await writeOut(io.stdout, [summary(flags, written, relative(io.cwd, folder) || '.')])
  return 0
}

function fileTypeOf(flags: BulkFlags, kind: BulkKind): FileType {
  const fileType = flags['file-type']
  if (fileType === undefined) return kind === 'export' ? 'csv' : 'parquet'
  if (kind === 'pipelines') return fileType as FileType
  throw new UsageError(
    'USAGE_FILE_TYPE',
    `Customer.io writes the files of --as ${kind} in one type only, so --file-type does not go with it.`,
    'Leave --file-type out, or use --as pipelines.',
  )
}

/** Nothing that lies there may be overwritten, and nothing may lie between the files. */
async function prepare(folder: string, out: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    if ((await readdir(folder)).length === 0) return
  } catch (cause) {
    throw new UsageError(
      'USAGE_OUT',
      `The folder ${out} cannot be made or read (${codeOf(cause)}).`,
      'Name another folder with --out.',
      { cause },
    )
  }
  throw new UsageError(
    'USAGE_OUT',
    `The folder ${out} is not empty, and nothing in it is to be overwritten.`,
    'Empty it, or name another folder with --out.',
  )
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)

/** What the disk refuses is nobody's fault here, and can be mended. */
async function disk<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!/^(?:E[A-Z]+|ENGINE_DISK)$/.test(codeOf(cause))) throw cause
    throw new ReportError(
      'REPORT_FILES',
      `${place} could not be written (${codeOf(cause)}).`,
      'Make room there, or name another place with --out or --facts.',
      { cause },
    )
  }
}

async function writeFacts(path: string, facts: readonly Fact[]): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (const fact of facts) await file.write(`${JSON.stringify(fact)}\n`)
  } finally {
    await file.close()
  }
}

function summary(
  { people, seed, variant }: BulkFlags,
  { files, rows, activities }: BulkFiles,
  folder: string,
): string {
  const number = (value: number): string => value.toLocaleString('en-US')
  const lines = Object.entries(rows).map(([name, count]) => `  ${name.padEnd(12)}${number(count)} rows\n`)
  return `A ${variant} shop of ${number(people)} people (seed ${seed}) with ${number(activities)} activities:
${lines.join('')}
${number(files.length)} ${files.length === 1 ? 'file' : 'files'} in ${folder}
`
}
