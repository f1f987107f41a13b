import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { shopPlan } from '../../src/simulator/index.ts'
import { firstTenAlone, scanOfRawJson } from './plain-sql.ts'
import { checkedRowByRow, rowByRow } from './row-by-row.ts'

/**
 * `npm run bench -- audit [--people 1000000] [--events 10000000] [--more 30000000] [--memory 1GB] [--keep dir]`
 *
 * Pipelines files as Parquet through the built program: load, model, every rule, reports. Then the same with more events
 * (`--more 0` leaves it out) and with messy payloads (`--no-messy`). Beside it in the same run: (a) a scan of the raw JSON
 * column, (b) the plainest SQL for the first ten rules, each on its own, (c) the row-by-row way over a million events.
 */
const { values } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    people: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '10000000' },
    more: { type: 'string', default: '30000000' },
    messy: { type: 'boolean', default: true },
    memory: { type: 'string', default: '1GB' },
    keep: { type: 'string' },
  },
})
const program = join(import.meta.dirname, '..', '..', 'bin', 'run.js')
const now = '2026-11-23T12:00:00Z'

interface Timings {
  readonly stages: Readonly<Record<string, number>>
  readonly rules: Readonly<Record<string, number>>
  readonly peakRssBytes: number
}

const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'cio-audit-bench-')))
try {
  await mkdir(folder, { recursive: true })
  const plain = await shop('plain', Number(values.events))
  const audited = await auditOf(plain)
  const seconds = { scanOfRawJson: await scanOfRawJson(plain), firstTenAlone: await firstTenAlone(plain) }
  const ten = Object.values(seconds.firstTenAlone).reduce((sum, each) => sum + each, 0)
  // Only what these rules ask is made then, as only what they ask is written out beside it.
  const ofTen = await auditOf(plain, Object.keys(seconds.firstTenAlone))
  const slow = await rowByRow(plain, folder)
  const ofSame = await auditOf(plain, checkedRowByRow)
  const result = {
    machine: {
      date: new Date().toISOString().slice(0, 10),
      cores: availableParallelism(),
      cpu: cpus()[0]?.model,
      memoryBytes: totalmem(),
      node: process.version,
    },
    audit: audited,
    besideIt: {
      scanOfRawJsonSeconds: seconds.scanOfRawJson,
      firstTenRulesAloneSeconds: { ...seconds.firstTenAlone, sum: ten },
      modelAndFirstTenRules: {
        seconds: ofTen.checkSeconds,
        modelSeconds: ofTen.modelSeconds,
        timesPlainSql: ratio(ofTen.checkSeconds, ten),
      },
      rowByRow: {
        ...slow,
        sameChecksSeconds: ofSame.checkSeconds,
        timesSlowerPerRow: ratio(ofSame.rows / ofSame.checkSeconds, slow.rowsPerSecond),
      },
    },
    ...(Number(values.more) > 0 ? { more: await compared('more', Number(values.more)) } : {}),
    ...(values.messy ? { messy: await compared('messy', Number(values.events)) } : {}),
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)

  async function compared(kind: 'more' | 'messy', events: number) {
    const own = await auditOf(await shop(kind, events))
    return { ...own, secondsPerRowTimesPlain: ratio(own.seconds / own.rows, audited.seconds / audited.rows) }
  }
} finally {
  if (values.keep === undefined) await rm(folder, { recursive: true, force: true })
}

/** A folder of Pipelines files; one that is there already (`--keep`) is taken as it is. */
async function shop(kind: 'plain' | 'more' | 'messy', events: number): Promise<string> {
  const out = join(folder, kind)
  if (await stat(out).catch(() => null)) return out
  const flags = ['--people', values.people, '--events', String(events), '--seed', '1', '--now', now]
  run(
    ['simulate', ...flags, '--as', 'pipelines', '--out', out, ...(kind === 'messy' ? ['--messy'] : [])],
    folder,
  )
  return out
}

/** @param chosen - the rules that are asked; all of them where none is named. */
async function auditOf(files: string, chosen: readonly string[] = []) {
  const cwd = join(folder, 'run')
  await rm(cwd, { recursive: true, force: true })
  await mkdir(cwd, { recursive: true })
  await writeFile(join(cwd, 'tracking-plan.yaml'), shopPlan())
  const started = performance.now()
  const asked = chosen.flatMap((rule) => ['--rule', rule])
  run(
    ['run', '--source', files, '--memory', values.memory, '--out', 'report', '--fail-on', 'never', ...asked],
    cwd,
  )
  const seconds = (performance.now() - started) / 1000
  const read = async <T>(name: string): Promise<T> =>
    JSON.parse(await readFile(join(cwd, 'report', name), 'utf8')) as T
  const { stages, rules, peakRssBytes } = await read<Timings>('timings.json')
  const report = await read<{ sources: { streams: { read: number }[] }[]; totals: Record<string, number> }>(
    'report.json',
  )
  const rows = report.sources.flatMap(({ streams }) => streams).reduce((sum, stream) => sum + stream.read, 0)
  const ruleSeconds = Object.values(rules).reduce((sum, each) => sum + each, 0)
  const result = {
    seconds: Number(seconds.toFixed(1)),
    rows,
    rowsPerSecond: Math.round(rows / seconds),
    peakRssMiB: Math.round(peakRssBytes / 1048576),
    stateMiB: Math.round((await sizeOf(join(cwd, '.cio-audit'))) / 1048576),
    filesMiB: Math.round((await sizeOf(files)) / 1048576),
    stages: { ...stages, files: Number((seconds - sumOf(stages)).toFixed(1)) },
    rules,
    modelSeconds: stages['model'] ?? 0,
    checkSeconds: (stages['model'] ?? 0) + ruleSeconds,
    totals: report.totals,
  }
  await rm(join(cwd, '.cio-audit'), { recursive: true, force: true })
  return result
}

function run(args: readonly string[], cwd: string): void {
  execFileSync(process.execPath, [program, ...args, ...(args[0] === 'run' ? ['--quiet'] : [])], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '' },
  })
}

async function sizeOf(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  let bytes = 0
  for (const entry of entries)
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  return bytes
}

function sumOf(numbers: Readonly<Record<string, number>>): number {
  return Object.values(numbers).reduce((total, each) => total + each, 0)
}

function ratio(one: number, other: number): number {
  return Number((one / other).toFixed(2))
}
