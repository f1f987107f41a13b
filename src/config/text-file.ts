import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { type ErrorCode, UsageError } from '../core/errors.ts'

export interface FileKind {
  /** What a person calls it: "config", "tracking plan". */
  readonly name: string
  readonly code: ErrorCode
  readonly flag: string
}

/** Of a file that is held in memory as a whole. */
export interface TextFileKind extends FileKind {
  readonly maxBytes: number
}

export interface TextFile {
  /** Path relative to the current folder, with `/`, as it stands in reports and messages. */
  readonly origin: string
  readonly text: string
}

/** Reads a file that a user wrote. Null when `path` was only a default and nothing stands there. */
export async function readTextFile(
  path: string | undefined,
  fallback: string,
  cwd: string,
  kind: TextFileKind,
): Promise<TextFile | null> {
  const full = resolve(cwd, path ?? fallback)
  const origin = relativeName(full, cwd)
  const bytes = await readBounded(full, kind).catch((cause: unknown) => {
    if (path === undefined && codeOf(cause) === 'ENOENT') return null
    throw unreadable(origin, kind, cause)
  })
  if (bytes === null) return null
  if (bytes.length > kind.maxBytes) {
    throw new UsageError(
      kind.code,
      `The ${kind.name} ${origin} is larger than ${megabytes(kind.maxBytes)}.`,
      `Check that ${kind.flag} names the right file.`,
    )
  }
  return { origin, text: decode(bytes, origin, kind) }
}

/** For reading; a folder, a device or a file that is not there is told to the user. */
export async function openRegular(full: string, origin: string, kind: FileKind): Promise<FileHandle> {
  const handle = await openToRead(full).catch((cause: unknown) => {
    throw unreadable(origin, kind, cause)
  })
  if ((await handle.stat()).isFile()) return handle
  await handle.close()
  throw unreadable(origin, kind, notAFile())
}

// Non-blocking: a pipe that nobody writes to must not hold the program for ever.
const openToRead = (full: string): Promise<FileHandle> =>
  open(full, constants.O_RDONLY | constants.O_NONBLOCK)

const notAFile = (): Error => Object.assign(new Error('is no regular file'), { code: 'NOT_A_FILE' })

/** Errors that `readBounded` makes itself carry a `code` of ours beside those of the system. */
async function readBounded(full: string, kind: TextFileKind): Promise<Buffer> {
  const handle = await openToRead(full)
  try {
    const stats = await handle.stat()
    if (stats.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
    // /dev/null is the usual way to say "no file".
    if (!stats.isFile() && !stats.isCharacterDevice()) throw notAFile()
    const buffer = Buffer.alloc((stats.isFile() ? Math.min(stats.size, kind.maxBytes) : kind.maxBytes) + 1)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return length > kind.maxBytes || stats.size > kind.maxBytes
      ? Buffer.alloc(kind.maxBytes + 1)
      : buffer.subarray(0, length)
  } finally {
    await handle.close()
  }
}

function decode(bytes: Buffer, origin: string, kind: TextFileKind): string {
  try {
    if (!isUtf16(bytes)) return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw notUtf8(origin, kind, 'not UTF-8 text', cause)
  }
  throw notUtf8(origin, kind, utf16, undefined)
}

export const utf16 = 'UTF-16 text, not UTF-8'

/** By the mark at its beginning, which spreadsheets write. */
export const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)

export function notUtf8(origin: string, kind: FileKind, found: string, cause: unknown): UsageError {
  return new UsageError(kind.code, `The ${kind.name} ${origin} is ${found}.`, 'Save the file as UTF-8.', {
    cause,
  })
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist: a part of its path is no folder'],
  ['EISDIR', 'is a folder, not a file'],
  ['NOT_A_FILE', 'is no regular file'],
  ['EACCES', 'may not be read by you'],
  ['EPERM', 'may not be read by you'],
  ['ELOOP', 'is a symbolic link that leads back to itself'],
  ['ENAMETOOLONG', 'has a name that is too long'],
])

function unreadable(origin: string, kind: FileKind, cause: unknown): UsageError {
  const reason = reasons.get(codeOf(cause)) ?? `could not be read (${codeOf(cause)})`
  return new UsageError(
    kind.code,
    `The ${kind.name} ${origin} ${reason}.`,
    'Check the path, and that you may read the file.',
    { cause },
  )
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
}

export function relativeName(full: string, cwd: string): string {
  const short = relative(cwd, full)
  const name = short === '' ? '.' : short
  return isAbsolute(name) ? name : name.split(sep).join('/')
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`
}
