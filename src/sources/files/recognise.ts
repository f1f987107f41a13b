import { basename, extname } from 'node:path'
import type { FileKind } from '../../core/tables.ts'
import { readHead, textOf, type Encoding } from './head.ts'
import { checkIntegrity } from './integrity.ts'
import { contentOf, jsonColumns, wordOf } from './layouts.ts'
import type { ParquetProbe, TypedColumns } from './parquet-columns.ts'
import { csvHeader, doubled, jsonKeys, type Delimiter } from './text-columns.ts'
import type { Walked } from './walk.ts'

export type Format = 'parquet' | 'jsonl' | 'csv'

/** A file of a source, with everything that its reader must be told. */
export interface SourceFile extends Walked {
  readonly kind: FileKind
  readonly stream: string
  readonly format: Format
  readonly isGzip: boolean
  readonly encoding: Encoding
  readonly hasBom: boolean
  readonly delimiter: Delimiter | null
  /** In the file's order, as the file spells them. Text formats have text everywhere (`VARCHAR`, or `JSON`). */
  readonly columns: TypedColumns
}

/** A file that by its name or its beginning belongs to a source and cannot be read. */
export interface BrokenFile extends Walked {
  readonly kind: FileKind
  readonly stream: string
  readonly reason: string
  /** Nothing says that it is of this stream, but the files beside it are. */
  readonly isStray?: boolean
}

export interface AsideFile extends Walked {
  readonly why: string
  /** It bears the name of a data file and nothing of it can be read, so that nobody knows what it is. */
  readonly isDamaged?: boolean
}

export type Recognised =
  | { readonly file: SourceFile }
  | { readonly broken: BrokenFile }
  | { readonly aside: AsideFile }

/** What a file is: by what is in it, and by its name only where that does not tell. */
export async function recognise(walked: Walked, probe: ParquetProbe): Promise<Recognised> {
  if (walked.isMissing)
    return damaged(walked, 'it is not there: a link to nothing, or taken away just now', true)
  if (walked.bytes === 0) return damaged(walked, 'it is empty', true)
  const { isGzip, bytes, isWhole } = await readHead(walked.path)
  if (!isGzip && bytes.subarray(0, 4).toString('latin1') === 'PAR1') return await parquet(walked, probe)
  if (foreignPacking.test(walked.path))
    return damaged(walked, 'it is packed in a way that is not read; unpack it, or pack it with gzip', true)
  const text = textOf(bytes)
  if (bytes.length === 0)
    return damaged(walked, (await isSoundGzip(walked)) ? 'it is empty' : 'its gzip data cannot be read', true)
  if (text === null)
    return damaged(
      walked,
      isGzip ? 'its gzip data cannot be read' : 'it is neither text nor Parquet',
      // Text in another encoding holds no zero bytes, and may be somebody else's.
      isGzip || bytes.includes(0),
    )
  const beside = { isGzip, encoding: text.encoding, hasBom: text.hasBom }
  const first = text.text.trimStart()[0]
  if (first === '{' || first === '[') {
    const keys = jsonKeys(text.text, isWhole)
    if (keys === null)
      return damaged(
        walked,
        'no line of it is a JSON object',
        linesName.test(walked.name) || (isWhole && isTornLine(text.text)),
      )
    const columns = new Map(keys.map((key) => [key, 'JSON']))
    return sorted(walked, { ...beside, format: 'jsonl', delimiter: null, columns })
  }
  const header = csvHeader(text.text)
  if (header === null) return damaged(walked, 'it has no columns of a file of Customer.io')
  const twice = doubled(header.columns)
  if (twice.length > 0)
    return doubledHeader(
      walked,
      header.columns,
      `its header names ${twice.map((name) => name || 'a column without a name').join(', ')} twice`,
    )
  const columns = new Map(header.columns.map((column) => [column, 'VARCHAR']))
  return sorted(walked, { ...beside, format: 'csv', delimiter: header.delimiter, columns })
}

/** Only asked of one that gave nothing: it is empty, or damaged at its beginning. */
async function isSoundGzip(file: Walked): Promise<boolean> {
  return (await checkIntegrity({ ...file, isGzip: true }, new AbortController().signal)).damage === null
}

async function parquet(walked: Walked, probe: ParquetProbe): Promise<Recognised> {
  const found = await probe.columnsOf(walked.path)
  if ('reason' in found) return damaged(walked, found.reason, true)
  return sorted(walked, {
    format: 'parquet',
    isGzip: false,
    encoding: 'utf-8',
    hasBom: false,
    delimiter: null,
    columns: found.columns,
  })
}

function sorted(walked: Walked, how: Omit<SourceFile, keyof Walked | 'kind' | 'stream'>): Recognised {
  const content = contentOf([...how.columns.keys()])
  if (content === null) return { aside: { ...walked, why: 'it has no columns of a file of Customer.io' } }
  if ('aside' in content) return { aside: { ...walked, why: content.aside } }
  const { kind } = content
  const stream = streamOf(content.stream, walked)
  const columns =
    how.format === 'jsonl'
      ? new Map(jsonColumns([...how.columns.keys()], kind, stream).map((key) => [key, 'JSON']))
      : how.columns
  return { file: { ...walked, ...how, columns, kind, stream } }
}

/** Its columns say what it is, and of two with one name nobody knows which is meant. */
function doubledHeader(walked: Walked, columns: readonly string[], reason: string): Recognised {
  const content = contentOf(columns)
  return content === null || 'aside' in content
    ? { aside: { ...walked, why: reason } }
    : { broken: { ...walked, kind: content.kind, stream: streamOf(content.stream, walked), reason } }
}

const streamOf = (stream: string, { name }: Walked): string =>
  stream === 'pages-and-screens' ? (pageOrScreen(name) ?? stream) : stream

/** Pages and screens have the same columns. Null: neither the file's name nor its folder tells. */
function pageOrScreen(name: string): 'pages' | 'screens' | null {
  const word = wordOf(name)
  return word === 'pages' || word === 'screens' ? word : null
}

const kindOfWord: Readonly<Record<string, FileKind>> = {
  identifies: 'pipelines',
  tracks: 'pipelines',
  pages: 'pipelines',
  screens: 'pipelines',
  aliases: 'pipelines',
  attributes: 'warehouse-sync',
  deliveries: 'warehouse-sync',
  metrics: 'warehouse-sync',
}

/** `people_v4_101_7.parquet` is the warehouse's, `people.csv` an export. */
const warehouseName = /^people_v\d+_\d+_\d+\.parquet/i
const parquetName = /\.parquet$/i
const dataName = /\.(?:parquet|csv|jsonl?|ndjson)$/i
/** Of a file that must hold an object in each line. */
const linesName = /\.(?:jsonl|ndjson)(?:\.gz)?$/i
const packed = /\.(?:gz|zst|bz2|snappy)$/i
/** Our own, which are empty where nothing is suggested; reports may lie beside the files that they are about. */
const ownName = /^merge-suggestions[^/]*\.jsonl$/
/** The end of a name of a file that is packed in a way we do not read. */
export const foreignPacking = /\.(?:zst|bz2|snappy)$/i

const isData = (file: string): boolean => dataName.test(file.replace(packed, '')) && !ownName.test(file)

/** `2184.97.3.tracks.gz` or `part-1.gz`: such a file may be anything, until a word says that it is ours. */
function isPackedOnly(file: string): boolean {
  const plain = file.replace(packed, '')
  return plain !== file && (!plain.includes('.') || wordOf(extname(plain)) !== null)
}

/** JSON of one line that ends in the middle; what others write in several lines is whole and none of ours. */
function isTornLine(text: string): boolean {
  if (text.trim().includes('\n')) return false
  try {
    JSON.parse(text)
    return false
  } catch {
    return true
  }
}

/**
 * Something of a source that cannot be read, when its name says so; otherwise nothing of ours. Text that can be read and has no
 * columns of ours is somebody else's, whatever its folder is called; and what lies above the source says nothing of it.
 *
 * @param isUnread - nothing in it says what it is.
 */
function damaged(walked: Walked, reason: string, isUnread = false): Recognised {
  const file = basename(walked.name)
  // An error page that was stored in place of the file is text.
  const isUnreadable = isUnread || parquetName.test(file)
  const word =
    isData(file) || isPackedOnly(file)
      ? wordOf(isUnreadable && walked.below !== '' ? walked.below : file)
      : null
  const kind =
    word === 'people'
      ? warehouseName.test(file)
        ? 'warehouse-sync'
        : 'people-export'
      : kindOfWord[word ?? '']
  return kind === undefined || word === null
    ? { aside: { ...walked, why: reason, isDamaged: isUnreadable && isData(file) } }
    : { broken: { ...walked, kind, stream: word, reason } }
}
