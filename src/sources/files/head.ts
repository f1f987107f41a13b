import { open } from 'node:fs/promises'
import { constants, createGunzip } from 'node:zlib'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** The beginning of a file, as far as it tells what the file is. */
export interface Head {
  readonly isGzip: boolean
  /** After decompression. */
  readonly bytes: Buffer
  /** The whole file is in `bytes`. */
  readonly isWhole: boolean
}

/** Enough for a header of 300 columns and a first record of 32 KB, the limit of one call (reference, section 10). */
const headBytes = 256 * 1024

/** The checksum and the length at the end of a gzip file; where they are wrong the inflater gives nothing at all. */
export const trailerBytes = 8

export async function readHead(path: string): Promise<Head> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(headBytes), 0, headBytes, 0)
    const bytes = buffer.subarray(0, bytesRead)
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
      return { isGzip: false, bytes, isWhole: bytesRead < headBytes }
    }
    const inflated = await inflate(bytesRead < headBytes ? bytes.subarray(0, -trailerBytes) : bytes)
    return { isGzip: true, bytes: inflated, isWhole: bytesRead < headBytes && inflated.length < headBytes }
  } finally {
    await file.close()
  }
}

/** As much as the first bytes of a gzip file give; a damaged one gives what came before the damage. */
async function inflate(bytes: Buffer): Promise<Buffer> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
  const parts: Buffer[] = []
  let length = 0
  return await new Promise((resolve) => {
    const done = (): void => {
      gunzip.destroy()
      resolve(Buffer.concat(parts).subarray(0, headBytes))
    }
    gunzip.on('data', (part: Buffer) => {
      parts.push(part)
      length += part.length
      if (length >= headBytes) done()
    })
    // The head of a longer file ends in the middle: that is expected here, and judged when the whole file is read.
    gunzip.on('error', done)
    gunzip.on('end', done)
    gunzip.end(bytes)
  })
}

export interface Text {
  readonly encoding: Encoding
  readonly hasBom: boolean
  readonly text: string
}

/**
 * The head as text, or null where it is none. UTF-16 is taken for certain with its byte order mark, or where every
 * second byte of the beginning is zero, as it is for the ASCII that these files begin with.
 */
export function textOf(bytes: Buffer): Text | null {
  const { encoding, bom } = encodingOf(bytes)
  const even = encoding === 'utf-8' ? bytes.length : bytes.length - (bytes.length % 2)
  // `stream`: the head may end within a letter.
  const text = new TextDecoder(encoding).decode(bytes.subarray(bom, even), { stream: true })
  // A damaged letter further down is told with its line; where the first line already is none, nothing is text here.
  const [first = ''] = text.split('\n', 1)
  return text.includes('\u0000') || first.includes('\ufffd') ? null : { encoding, hasBom: bom > 0, text }
}

function encodingOf(bytes: Buffer): { readonly encoding: Encoding; readonly bom: number } {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', bom: 3 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', bom: 2 }
  const start = bytes.subarray(0, 16)
  const zeros = (odd: number): boolean =>
    start.length >= 8 && start.every((byte, at) => (at % 2 === odd) === (byte === 0))
  if (zeros(1)) return { encoding: 'utf-16le', bom: 0 }
  return { encoding: zeros(0) ? 'utf-16be' : 'utf-8', bom: 0 }
}
