import { UsageError } from '../core/errors.ts'

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
}
/** Below this the engine cannot load a page of activities. */
const leastMemory = 128 * 1024 ** 2

/** `512MB`, `1.5GiB`. */
export function parseMemory(text: string): number {
  const [, digits = '', prefix = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]i?)?b?$/i.exec(text.trim()) ?? []
  const bytes = Math.floor(Number(digits) * (units[prefix.toLowerCase()] ?? Number.NaN))
  if (digits !== '' && bytes >= leastMemory) return bytes
  throw new UsageError(
    'USAGE_MEMORY',
    `--memory is given as "${text}", which is no size of at least 128MB.`,
    'Write it like 512MB or 2GB.',
  )
}

/**
 * The rest is for JavaScript and the programs themselves (180 MB of heap, 100 MB of code), and for what the engine's allocator
 * holds beyond the engine's own limit: with a limit of 389 MB an audit of ten million events peaked at 1.18 GB resident.
 */
const engineShare = 0.4
/** Of a small target half, up to this: with 205 MB the files of ten million events could not always be loaded. */
const largestHalf = 256e6
const leastEngine = 64 * 1024 ** 2

/**
 * The engine's limit for a memory target of the whole process; a quarter of the machine (or of the container) where
 * none is given.
 */
export function engineLimit(target: number | undefined, machineBytes: number): number {
  const bytes = target ?? machineBytes / 4
  return Math.floor(Math.max(leastEngine, bytes * engineShare, Math.min(bytes / 2, largestHalf)))
}

export function parseRate(text: string): number {
  const rate = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text.trim()) && rate > 0 && rate <= 1000) return rate
  throw new UsageError(
    'USAGE_RATE',
    `--max-rate is given as "${text}", which is no number above 0 and up to 1000.`,
    'Customer.io allows 10 requests a second; 9 is the default.',
  )
}

const fixedSeed = 1

/** `2000`, or `2000:7` for those whom another seed draws. Without one it is fixed: two looks are then at the same people. */
export function parseSample(text: string): { readonly people: number; readonly seed: number } {
  const [, people = '', seed = String(fixedSeed)] = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(text.trim()) ?? []
  if (Number(people) > 0) return { people: Number(people), seed: Number(seed) }
  throw new UsageError(
    'USAGE_SAMPLE',
    `--sample is given as "${text}", which is no whole number of people above 0.`,
    'Write it like --sample 2000, or --sample 2000:7 to draw others.',
  )
}

export function parseCount(flag: string, text: string): number {
  const count = Number(text)
  if (/^\d+$/.test(text.trim()) && count > 0 && Number.isSafeInteger(count)) return count
  throw new UsageError(
    'USAGE_COUNT',
    `${flag} is given as "${text}", which is no whole number above 0.`,
    `Write it like ${flag} 100000.`,
  )
}
