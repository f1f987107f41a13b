import { totalmem } from 'node:os'
import { UsageError } from '../core/errors.ts'
import { emptyWindow, momentAt, type Moment } from '../core/moment.ts'
import type { FailOn } from '../core/verdict.ts'
import type { Format } from '../reports/index.ts'
import { parseIso, parseMoment, readMoment } from './moments.ts'
import type { SampleWanted } from '../sources/app-api/index.ts'
import { engineLimit, parseCount, parseMemory, parseRate, parseSample } from './sizes.ts'

type Text = string | undefined

/** As oclif hands the flags over. */
export interface CommonFlags {
  readonly config: Text
  readonly 'state-dir': string
  readonly quiet: boolean
  readonly verbose: boolean
  readonly 'no-color': boolean
}
export interface PullFlags extends CommonFlags {
  readonly plan: Text
  readonly source: readonly string[] | undefined
  readonly since: Text
  readonly 'max-rate': Text
  readonly 'max-activities': Text
  readonly sample: Text
  readonly fresh: boolean
  readonly memory: Text
  readonly offline?: boolean
}
export interface ReportFlags {
  readonly format: readonly string[] | undefined
  readonly out: Text
  readonly json: boolean
  readonly 'csv-bom': boolean
  readonly reveal: boolean
  readonly redact: boolean
}
export interface ScopeFlags {
  readonly journey: readonly string[] | undefined
}
export interface RunFlags extends PullFlags, ReportFlags, ScopeFlags {
  readonly until: Text
  readonly 'as-of': Text
  readonly orders: Text
  readonly waivers: Text
  readonly baseline: Text
  readonly rule: readonly string[] | undefined
  readonly 'skip-rule': readonly string[] | undefined
  readonly 'fail-on': string
  readonly offline: boolean
}

export interface PullOptions {
  /** Given on the command line; without it a resumed pull keeps its own. */
  readonly since: Date | undefined
  readonly maxRate: number | undefined
  readonly maxActivities: number | undefined
  /** Undefined: everybody is read. */
  readonly sample: SampleWanted | undefined
  /** Limit of the engine. */
  readonly memoryBytes: number
  readonly fresh: boolean
}

export function readPullOptions(flags: PullFlags, now: Date): PullOptions {
  const since = flags.since === undefined ? undefined : parseMoment('--since', flags.since, now)
  if (since && since > now) throw emptyWindow()
  return {
    since,
    maxRate: flags['max-rate'] === undefined ? undefined : parseRate(flags['max-rate']),
    maxActivities:
      flags['max-activities'] === undefined
        ? undefined
        : parseCount('--max-activities', flags['max-activities']),
    sample: readSample(flags),
    memoryBytes: engineLimit(
      flags.memory === undefined ? undefined : parseMemory(flags.memory),
      machineBytes(),
    ),
    fresh: flags.fresh,
  }
}

/** Only a pull reads less by it: what is on this machine already is judged whole. */
function readSample({ sample, source = [], offline }: PullFlags): SampleWanted | undefined {
  if (sample === undefined) return undefined
  if (offline || source.some((name) => name !== 'api')) {
    throw new UsageError(
      'USAGE_SAMPLE',
      '--sample draws people of a workspace that is read over the API; a snapshot and files are judged whole.',
      'Leave --sample out, or leave --offline and paths after --source out.',
    )
  }
  return parseSample(sample)
}

/** A container's limit counts where there is one; without a limit Node gives 0 or more than there is. */
function machineBytes(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

export interface Window {
  readonly asOf: Date | undefined
  readonly since: Moment | undefined
  readonly until: Moment | undefined
}

/** Durations count back from the "now" of the run: --as-of, or what the sources say when they were read. */
export function readWindow(flags: Pick<RunFlags, 'as-of' | 'since' | 'until'>, now: Date): Window {
  const asOf = flags['as-of'] === undefined ? undefined : parseIso('--as-of', flags['as-of'])
  const since = flags.since === undefined ? undefined : readMoment('--since', flags.since)
  const until = flags.until === undefined ? undefined : readMoment('--until', flags.until)
  const from = asOf ?? now
  if (since && momentAt(since, from) >= (until ? momentAt(until, from) : from)) throw emptyWindow()
  const known = (moment: Moment | undefined): Moment | undefined =>
    moment === undefined || asOf === undefined ? moment : momentAt(moment, asOf)
  return { asOf, since: known(since), until: known(until) }
}

export interface Delivery {
  /** What of the report goes to standard output; a format there is one that is one file. */
  readonly stdout: 'verdict' | Exclude<Format, 'csv' | 'html' | 'github'>
  /** Workflow commands on standard output, and the summary of the step. */
  readonly github: boolean
  readonly files: readonly Format[]
  /** Absent: nothing is written. */
  readonly out: string | undefined
}

/** Formats that no standard output takes, and why. */
const filesOnly: Readonly<Partial<Record<Format, string>>> = {
  csv: 'The format csv is several files.',
  html: 'The format html is a file to open in a browser.',
}

/** Which format goes where. */
export function readDelivery(flags: ReportFlags): Delivery {
  const formats = [...new Set(flags.format ?? [])] as Format[]
  const github = formats.includes('github')
  if (github && flags.json) {
    throw new UsageError(
      'USAGE_FORMAT',
      'With --json nothing else goes to standard output, and the annotations of the format github go there.',
      'Leave --json out, and add --format json with --out for the file.',
    )
  }
  if (flags.out === undefined)
    return { stdout: onlyFormat(flags, formats), github, files: [], out: undefined }
  const files: readonly Format[] = formats.length > 0 ? formats : ['table', 'json', 'csv', 'html']
  return {
    stdout: flags.json ? 'json' : files.includes('table') ? 'table' : 'verdict',
    github,
    files,
    out: flags.out,
  }
}

function onlyFormat({ json }: ReportFlags, formats: readonly Format[]): Delivery['stdout'] {
  const file = formats.find((format) => Object.hasOwn(filesOnly, format))
  if (file !== undefined) {
    throw new UsageError('USAGE_FORMAT', filesOnly[file] ?? '', 'Add --out with the folder that it goes to.')
  }
  // The annotations stand beside the table, and beside nothing that a program reads.
  const allowed = formats.includes('github') ? formats.filter((format) => format !== 'table') : formats
  if (allowed.length > 1) {
    throw new UsageError(
      'USAGE_FORMAT',
      'Standard output takes one format.',
      'Add --out with a folder for the files, or name one format.',
    )
  }
  const [format = 'table'] = allowed
  return json ? 'json' : format === 'github' || format === 'csv' || format === 'html' ? 'table' : format
}

export const readFailOn = (flags: Pick<RunFlags, 'fail-on'>): FailOn => flags['fail-on'] as FailOn
