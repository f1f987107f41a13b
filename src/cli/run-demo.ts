import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { addDays } from 'date-fns/addDays'
import { startSimulator, type Simulator, type Variant } from '../simulator/index.ts'
import { writeOut, type Io } from './io.ts'
import { runAudit } from './run-audit.ts'
import {
  readDelivery,
  type CommonFlags,
  type ReportFlags,
  type RunFlags,
  type ScopeFlags,
} from './run-options.ts'
import type { ShopFlags } from './shop-flags.ts'

export type DemoFlags = ShopFlags &
  ReportFlags &
  ScopeFlags &
  Pick<CommonFlags, 'quiet' | 'verbose' | 'no-color'>

const verdictOf: Readonly<Record<number, string>> = { 0: 'GO', 1: 'NO-GO', 3: 'INCONCLUSIVE' }

/** `cio-audit demo`: a simulated workspace, and then the same run as against a real one. */
export async function runDemo(flags: DemoFlags, io: Io, toolVersion: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'cio-audit-demo-'))
  try {
    const { people, seed } = flags
    const variant = flags.variant as Variant
    const simulator = await startSimulator({ people, seed, variant, now: io.now() })
    try {
      // A sound shop shows how a GO looks once its team has vouched for what no rule can show.
      if (variant !== 'broken')
        await writeFile(join(folder, 'cio-audit.yaml'), attestations(simulator, io.now()))
      const code = await runAudit(runFlags(flags, io), demoIo(io, folder, simulator), toolVersion)
      const real = `A real run would have ended with exit code ${code} (${verdictOf[code] ?? 'a failure'}); the demo ends with 0.\n`
      // A format that a program reads stands alone on standard output.
      const isPage = ['table', 'verdict'].includes(readDelivery(flags).stdout)
      await writeOut(isPage ? io.stdout : io.stderr, [`\n${real}`])
      return 0
    } finally {
      await simulator.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Nothing of the folder that the demo is started in plays a part: no config, no `.env`, no key. */
function demoIo(io: Io, folder: string, simulator: Simulator): Io {
  const own = Object.entries(io.env).filter(([name]) => !name.startsWith('CIO_'))
  const env = {
    ...Object.fromEntries(own),
    CIO_APP_API_KEY: simulator.appKey,
    CIO_APP_API_URL: simulator.appUrl,
  }
  return { ...io, cwd: folder, env }
}

function runFlags(flags: DemoFlags, io: Io): RunFlags {
  return {
    ...flags,
    out: flags.out === undefined ? undefined : resolve(io.cwd, flags.out),
    // These people do not exist: there is nobody to protect, and masks would hide what the demo shows.
    reveal: !flags.redact,
    source: undefined,
    config: undefined,
    plan: undefined,
    orders: undefined,
    waivers: undefined,
    baseline: undefined,
    'state-dir': '.cio-audit',
    since: undefined,
    until: undefined,
    'as-of': undefined,
    'max-rate': undefined,
    'max-activities': undefined,
    memory: undefined,
    rule: undefined,
    'skip-rule': undefined,
    'fail-on': 'error',
    sample: undefined,
    fresh: false,
    offline: false,
  }
}

function attestations({ attest }: Simulator, now: Date): string {
  const day = (date: Date): string => date.toISOString().slice(0, 10)
  const lines = attest.map(
    (item) =>
      `  ${item}: { reason: "simulated: no rule can show it yet", owner: demo@shop.example, on: ${day(now)}, expires: ${day(addDays(now, 30))} }`,
  )
  return `attest:\n${lines.join('\n')}\n`
}
