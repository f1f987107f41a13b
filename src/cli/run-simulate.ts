import { once } from 'node:events'
import { UsageError } from '../core/errors.ts'
import {
  faultsSchema,
  startSimulator,
  type BulkKind,
  type Fault,
  type Simulator,
} from '../simulator/index.ts'
import { writeOut, type Io } from './io.ts'
import { runBulk, type BulkFlags } from './run-bulk.ts'
import { populationOf } from './shop-flags.ts'

export interface SimulateFlags extends BulkFlags {
  readonly port: number
  readonly fault: readonly string[] | undefined
}

/** `cio-audit simulate`: serves until the signal, or writes files. */
export async function runSimulate(flags: SimulateFlags, io: Io): Promise<number> {
  if (flags.as !== undefined) return runBulk(flags, flags.as as BulkKind, io)
  refuseBulkFlags(flags)
  const faults = readFaults(flags.fault ?? [])
  const simulator = await start(flags, faults, io)
  try {
    await writeOut(io.stdout, [welcome(flags, simulator)])
    if (!io.signal.aborted) await once(io.signal, 'abort')
    return 0
  } finally {
    await simulator.close()
  }
}

/** Flags that would do nothing are a slip: somebody waits for files that never come. */
function refuseBulkFlags(flags: SimulateFlags): void {
  const useless = (['out', 'file-type', 'facts', 'messy'] as const).find((name) => flags[name])
  if (useless === undefined) return
  throw new UsageError(
    'USAGE_AS',
    `--${useless} is for files, and without --as the simulator only serves.`,
    'Add --as pipelines, --as warehouse or --as export, or leave it out.',
  )
}

async function start(flags: SimulateFlags, faults: readonly Fault[], io: Io): Promise<Simulator> {
  const { port } = flags
  try {
    return await startSimulator({ ...populationOf(flags, io), port, faults })
  } catch (cause) {
    if (
      !(cause instanceof Error && 'code' in cause && (cause.code === 'EADDRINUSE' || cause.code === 'EACCES'))
    )
      throw cause
    throw new UsageError(
      'USAGE_PORT',
      `Port ${port} is not free for the simulator (${cause.code}).`,
      'Name another one with --port, or leave it out for any free one.',
      { cause },
    )
  }
}

function readFaults(texts: readonly string[]): Fault[] {
  return texts.flatMap((text) => {
    const read = faultsSchema.safeParse([parseJson(text)])
    if (read.success) return read.data
    const [issue] = read.error.issues
    const where = issue?.path.slice(1).join('.') ?? ''
    throw badFault(text, `${where === '' ? '' : `${where}: `}${issue?.message ?? 'unknown'}`)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badFault(text, 'it is no JSON')
  }
}

const badFault = (text: string, why: string): UsageError =>
  new UsageError(
    'USAGE_FAULT',
    `--fault ${text} is no fault: ${why}.`,
    `Write it like '{"kind":"rate-limit","perSecond":5,"retryAfter":true}'.`,
  )

/** Ready to paste: the keys open this simulator and nothing else. */
function welcome({ people, seed, variant }: SimulateFlags, simulator: Simulator): string {
  return `A ${variant} shop of ${people} people (seed ${seed}) answers as Customer.io does. Ctrl-C ends it.

  App API    ${simulator.appUrl}
  Track API  ${simulator.trackUrl}

In another terminal:

export CIO_APP_API_URL=${simulator.appUrl}
export CIO_TRACK_API_URL=${simulator.trackUrl}
export CIO_APP_API_KEY=${simulator.appKey}
export CIO_SITE_ID=${simulator.siteId}
export CIO_TRACK_API_KEY=${simulator.trackKey}

cio-audit run
`
}
