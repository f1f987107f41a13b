import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { shopPlan } from '../src/simulator/index.ts'
import { median, medians } from './medians.ts'
import { writePopulation } from './population-snapshot.ts'

/** `npm run bench [-- snapshot --people 100000 --events-per-person 10 --runs 3]`: prints JSON; every figure is a median. */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string', default: '100000' },
    'events-per-person': { type: 'string', default: '10' },
    runs: { type: 'string', default: '3' },
    memory: { type: 'string', default: String(350 * 1024 * 1024) },
  },
})
interface Once {
  seconds: number
  stages: Record<string, number>
  rules: Record<string, number>
  peakRssBytes: number
  findings: number
  evidence: number
  totals: Record<string, unknown>
}

const folder = await mkdtemp(join(tmpdir(), 'cio-audit-bench-'))
try {
  const path = join(folder, 'snapshot.duckdb')
  const { activities } = await writePopulation(
    path,
    Number(values.people),
    Number(values['events-per-person']),
    new Date('2026-11-23T12:00:00Z'),
  )
  await writeFile(join(folder, 'plan.yaml'), shopPlan())
  const here = import.meta.dirname
  const runs = Array.from(
    { length: Number(values.runs) },
    () =>
      JSON.parse(
        execFileSync(process.execPath, [join(here, 'snapshot-once.ts'), path, folder, values.memory], {
          encoding: 'utf8',
        }),
      ) as Once,
  )
  const help = Array.from({ length: 9 }, () => {
    const start = performance.now()
    execFileSync(process.execPath, [join(here, '..', 'bin', 'run.js'), '--help'], { stdio: 'ignore' })
    return performance.now() - start
  })
  const result = {
    machine: {
      cores: availableParallelism(),
      cpu: cpus()[0]?.model,
      memoryBytes: totalmem(),
      node: process.version,
    },
    snapshot: { people: Number(values.people), activities, bytes: (await stat(path)).size },
    audit: {
      runs: runs.length,
      seconds: median(runs.map(({ seconds }) => seconds)),
      stages: medians(runs.map(({ stages }) => stages)),
      rules: medians(runs.map(({ rules }) => rules)),
      peakRssMiB: Math.round(median(runs.map(({ peakRssBytes }) => peakRssBytes)) / 1048576),
      findings: runs[0]?.findings,
      evidenceRows: runs[0]?.evidence,
      totals: runs[0]?.totals,
    },
    help: { runs: help.length, milliseconds: Math.round(median(help)) },
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
