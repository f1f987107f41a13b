import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median, medians } from './medians.ts'

/**
 * `npm run bench -- reports [--runs 3]`: 100,000 findings out of the engine into every format there is, each run in a
 * process of its own, and how long the two commands take that somebody waits for. Prints JSON; every figure is a median.
 */
const { values } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' } },
})
interface Once {
  readonly seconds: number
  /** Of all threads: what is left of `seconds` where others use the machine, too. */
  readonly cpuSeconds: number
  readonly formats: Readonly<Record<string, number>>
  readonly bytes: Readonly<Record<string, number>>
  readonly findings: number
  readonly peakRssBytes: number
}

const folder = await mkdtemp(join(tmpdir(), 'cio-audit-bench-'))
try {
  const once = join(import.meta.dirname, 'reports-once.ts')
  execFileSync(process.execPath, [once, 'fill', folder])
  const runs = Array.from(
    { length: Number(values.runs) },
    () => JSON.parse(execFileSync(process.execPath, [once, 'write', folder], { encoding: 'utf8' })) as Once,
  )
  const result = {
    machine: {
      cores: availableParallelism(),
      cpu: cpus()[0]?.model,
      memoryBytes: totalmem(),
      node: process.version,
    },
    reports: {
      runs: runs.length,
      findings: runs[0]?.findings,
      seconds: median(runs.map(({ seconds }) => seconds)),
      cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
      formats: medians(runs.map(({ formats }) => formats)),
      bytes: runs[0]?.bytes,
      peakRssMiB: Math.round(median(runs.map(({ peakRssBytes }) => peakRssBytes)) / 1048576),
    },
    help: { milliseconds: milliseconds(['--help']) },
    explain: { milliseconds: milliseconds(['rules', 'explain', 'identity/duplicate-email']) },
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

function milliseconds(args: readonly string[]): number {
  const program = join(import.meta.dirname, '..', 'bin', 'run.js')
  const all = Array.from({ length: 9 }, () => {
    const start = performance.now()
    execFileSync(process.execPath, [program, ...args], { stdio: 'ignore' })
    return performance.now() - start
  })
  return Math.round(median(all))
}
