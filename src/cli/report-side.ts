import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse'
import { vantageOfReport } from '../core/baseline.ts'
import type { Side, SideFinding, SideRule } from '../core/comparison.ts'
import { UsageError } from '../core/errors.ts'
import { reportSchema, type AuditReport, type Subject } from '../core/report.ts'
import { reasonOf } from './output-folder.ts'

const mostBytes = 512_000_000

/** A run from the files that `--out` wrote: a report.json, or the folder that holds one. */
export async function reportSide(
  path: string,
  name: string,
  kept: (runId: string) => Promise<Pick<Side, 'workspaceId' | 'rules'> | null>,
): Promise<Side> {
  const file = (await stat(path)).isDirectory() ? join(path, 'report.json') : path
  const report = await readReport(file, name)
  const known = await kept(report.run.id)
  const csv = join(dirname(file), 'findings.csv')
  const isThere = await stat(csv).then(
    (found) => found.isFile(),
    () => false,
  )
  if (!isThere) requireAll(report, name)
  const { run, scope } = report
  return {
    runId: run.id,
    asOf: run.asOf,
    workspaceId:
      report.sources.map(({ workspace }) => workspace.id).find((id) => id !== null) ??
      known?.workspaceId ??
      null,
    decision: report.verdict.decision,
    tool: report.tool.version,
    plan: run.plan,
    vantage: vantageOfReport(report),
    journeys: scope?.journeys ?? [],
    rules: new Map(
      report.rules.map((result): [string, SideRule] => {
        const { rule, status, severity, affected, rate, findings } = result
        const version = known?.rules.get(rule)?.version ?? null
        const accepted = findings.known + findings.waived
        return [rule, { status, severity, affected, rate, version, findings: findings.total, accepted }]
      }),
    ),
    findings: () => (isThere ? csvFindings(csv) : listedFindings(report)),
  }
}

async function readReport(file: string, name: string): Promise<AuditReport> {
  try {
    if ((await stat(file)).size > mostBytes) throw new Error('it is too large')
    return reportSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    const why = reasonOf(cause) === 'ENOENT' ? 'holds no report.json' : 'is no report of cio-audit'
    throw new UsageError(
      'USAGE_RUN',
      `${name} ${why}.`,
      'Name a folder that `cio-audit run --out` wrote, or the report.json in it.',
      { cause },
    )
  }
}

/** A report lists the first findings of each rule; with the others left out they would look mended. */
function requireAll(report: AuditReport, name: string): void {
  const cut = report.rules.find(({ findings }) => findings.total > findings.listed.length)
  if (cut === undefined) return
  throw new UsageError(
    'USAGE_RUN',
    `${name} lists only the first findings of ${cut.rule}, and there is no findings.csv beside it.`,
    'Name a folder that holds both, as `cio-audit run --out` writes them.',
  )
}

async function* listedFindings({ rules }: AuditReport): ReturnType<Side['findings']> {
  for (const { rule, findings } of rules)
    yield await Promise.resolve(
      findings.listed.map(({ fingerprint, affected, subject }) => ({ rule, fingerprint, affected, subject })),
    )
}

const chunk = 2000

async function* csvFindings(path: string): ReturnType<Side['findings']> {
  const rows = createReadStream(path).pipe(parse({ columns: true, bom: true }))
  let part: SideFinding[] = []
  try {
    for await (const row of rows as AsyncIterable<Readonly<Record<string, string>>>) {
      part.push(findingOf(row))
      if (part.length < chunk) continue
      yield part
      part = []
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw notFindings(path, cause)
  }
  yield part

  function findingOf(row: Readonly<Record<string, string>>): SideFinding {
    const { rule, fingerprint, affected, subject_kind: kind, subject } = row
    if (!rule || !fingerprint || !/^\d+$/.test(affected ?? '') || !kind || subject === undefined)
      throw notFindings(path)
    return {
      rule,
      fingerprint,
      affected: Number(affected),
      subject: { kind: kind as Subject['kind'], key: subject },
    }
  }
}

const notFindings = (path: string, cause?: unknown): UsageError =>
  new UsageError(
    'USAGE_RUN',
    `${path} is no findings.csv of cio-audit.`,
    'Name a folder as `cio-audit run --out` wrote it.',
    { cause },
  )
