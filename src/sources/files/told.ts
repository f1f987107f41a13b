import type { FoundSource } from './index.ts'
import type { AsideFile, BrokenFile, SourceFile } from './recognise.ts'

const listed = 5
const kindWords = {
  'people-export': 'people export',
  'warehouse-sync': 'warehouse sync',
  pipelines: 'Pipelines files',
} as const

/** The form of a file, with whatever about it was not as it usually is. */
function formOf({ format, isGzip, encoding, hasBom, delimiter }: SourceFile): string {
  return [
    format,
    ...(isGzip ? ['gzip'] : []),
    ...(encoding === 'utf-8' ? [] : [encoding.toUpperCase()]),
    ...(hasBom ? ['byte order mark'] : []),
    ...(delimiter === null || delimiter === ','
      ? []
      : [`separated by ${delimiter === '\t' ? 'tabs' : delimiter}`]),
  ].join(', ')
}

/** What each file was taken for, and what was left aside, in a few lines. */
export function tellFound({ name, files, aside, broken }: FoundSource): string[] {
  const streams = new Map<string, number>()
  for (const file of files) {
    const key = `${kindWords[file.kind]}: ${file.stream} (${formOf(file)})`
    streams.set(key, (streams.get(key) ?? 0) + 1)
  }
  const lines = [...streams].map(
    ([key, count]) => `${name}: ${count === 1 ? '1 file' : `${count} files`} taken for ${key}.`,
  )
  return [
    ...lines,
    // A stray stands there once for each stream that it may be of.
    ...new Set(broken.map(brokenLine)),
    ...tellAside(name, aside),
  ]
}

const brokenLine = ({ name, kind, stream, reason, isStray }: BrokenFile): string =>
  isStray
    ? `${name} may belong to any of the files beside it, but ${reason}.`
    : `${name} looks like ${kindWords[kind]}: ${stream}, but ${reason}.`

export function tellAside(name: string, aside: readonly AsideFile[]): string[] {
  return [
    ...aside.slice(0, listed).map((file) => `${file.name} was left aside: ${file.why}.`),
    ...(aside.length > listed ? [`${name}: ${aside.length - listed} more files were left aside.`] : []),
  ]
}
