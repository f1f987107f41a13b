import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { checkPages } from '../../../src/sources/files/parquet-pages.ts'
import { tempDir } from '../../support/temp-dir.ts'

const fixture = await readFile(new URL('../../../fixtures/parquet/checksums.tracks.parquet', import.meta.url))
const footerAt = fixture.length - 8 - fixture.readUInt32LE(fixture.length - 8)

async function judged(bytes: Buffer): Promise<string | null> {
  const path = join(await tempDir(), 'a.parquet')
  await writeFile(path, bytes)
  return await checkPages(path, new AbortController().signal)
}

test('whatever a byte of the footer becomes, the file is sound or it is damaged', async () => {
  const path = join(await tempDir(), 'a.parquet')
  const said = new Set<string | null>()
  for (let at = footerAt; at < fixture.length; at += 1) {
    for (const value of [0xff, 0x80, fixture.readUInt8(at) ^ 0x01]) {
      const bytes = Buffer.from(fixture)
      bytes[at] = value
      await writeFile(path, bytes)
      said.add(await checkPages(path, new AbortController().signal))
    }
  }
  expect(said).toEqual(
    new Set([null, 'it is damaged: its footer cannot be read', 'it is damaged: a page of it cannot be read']),
  )
})

test('a footer that is one number without an end ends', async () => {
  const number = Buffer.concat([Buffer.from([0x16]), Buffer.alloc(4 << 20, 0xff), Buffer.from([1, 0])])
  expect(await judged(Buffer.concat([Buffer.from('PAR1'), ending(number)]))).toBe(
    'it is damaged: its footer cannot be read',
  )
})

/** Thrift's compact protocol, as far as these files need it: fields by their number. */
type Value = number | bigint | string | readonly Value[] | { readonly [field: number]: Value }

function varint(value: bigint): number[] {
  const low = Number(value & 0x7fn)
  return value < 0x80n ? [low] : [low | 0x80, ...varint(value >> 7n)]
}
const zigzag = (value: number | bigint): number[] =>
  varint(BigInt(value) < 0n ? -2n * BigInt(value) - 1n : 2n * BigInt(value))

/** Whole numbers are of 32 bits, big ones of 64. */
const typeOf = (value: Value): number =>
  typeof value === 'number'
    ? 5
    : typeof value === 'bigint'
      ? 6
      : typeof value === 'string'
        ? 8
        : Array.isArray(value)
          ? 9
          : 12

function thrift(value: Value): number[] {
  if (typeof value === 'number' || typeof value === 'bigint') return zigzag(value)
  if (typeof value === 'string') return [...varint(BigInt(value.length)), ...Buffer.from(value)]
  if (Array.isArray(value)) {
    const list = value as readonly Value[]
    return [(list.length << 4) | typeOf(list[0] ?? 0), ...list.flatMap(thrift)]
  }
  const fields = Object.entries(value as Readonly<Record<string, Value>>)
  return [
    ...fields.flatMap(([field, own], at) => {
      const delta = Number(field) - Number(fields[at - 1]?.[0] ?? 0)
      return [(delta << 4) | typeOf(own), ...thrift(own)]
    }),
    0,
  ]
}

function ending(footer: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(footer.length)
  return Buffer.concat([footer, length, Buffer.from('PAR1')])
}

/** One column of text with one page, whose header says a least and a greatest value of so many letters. */
function withStatistics(letters: number, crc: number): Buffer {
  const page = Buffer.from('the values of the page')
  const statistics = { 1: 'z'.repeat(letters), 2: 'a'.repeat(letters) }
  const header = Buffer.from(
    thrift({ 1: 0, 2: page.length, 3: page.length, 4: crc, 5: { 1: 1, 2: 0, 3: 3, 4: 3, 5: statistics } }),
  )
  const length = BigInt(header.length + page.length)
  const column = { 1: 6, 2: [0], 3: ['user_id'], 4: 0, 5: 1n, 6: length, 7: length, 9: 4n }
  const footer = thrift({
    1: 1,
    2: [
      { 4: 'root', 5: 1 },
      { 1: 6, 3: 0, 4: 'user_id' },
    ],
    3: 1n,
    4: [{ 1: [{ 2: 4n, 3: column }], 2: length, 3: 1n }],
  })
  return Buffer.concat([Buffer.from('PAR1'), header, page, ending(Buffer.from(footer))])
}

test.each([10, 1000, 20_000])('a header with values of %i letters is read', async (letters) => {
  const crc = crc32('the values of the page') | 0
  expect(await judged(withStatistics(letters, crc))).toBeNull()
  expect(await judged(withStatistics(letters, crc ^ 1))).toBe('it is damaged: a checksum does not match')
})
