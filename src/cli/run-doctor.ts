import type { Need } from '../audit/rule.ts'
import { askWorkspaces } from '../sources/app-api/index.ts'
import { connect } from './connect.ts'
import { attempt, fileChecks, snapshotCheck, type DoctorFlags } from './doctor-local.ts'
import { clockCheck, probe, trackCheck } from './doctor-remote.ts'
import { exitOf, renderDoctor, type Check, type Section } from './doctor-report.ts'
import { ruleChecks } from './doctor-rules.ts'
import { screenOf, writeOut, type Io } from './io.ts'
import { loadJob, type Job } from './job.ts'
import { parseRate } from './sizes.ts'

/** `cio-audit doctor`: what a run would meet, found out before it. */
export async function runDoctor(flags: DoctorFlags, io: Io, toolVersion: string): Promise<number> {
  const maxRate = flags['max-rate'] === undefined ? undefined : parseRate(flags['max-rate'])
  const here: Check[] = [
    { mark: 'ok', text: `cio-audit ${toolVersion} on Node ${process.versions.node}.` },
    ...(await fileChecks(flags, io)),
  ]
  const sections: Section[] = [{ title: 'This folder', checks: here }]
  if (exitOf(sections) === 0) {
    const job = await loadJob({ ...flags, quiet: true }, io, toolVersion)
    here.push(await snapshotCheck(job.stateDir, io.now()))
    sections.push(...(await remoteSections(job, maxRate)))
  }
  await writeOut(io.stdout, [renderDoctor(screenOf(io.stdout, flags['no-color']), sections)])
  return exitOf(sections)
}

async function remoteSections(job: Job, maxRate: number | undefined): Promise<Section[]> {
  const checks: Check[] = []
  const sections: Section[] = [{ title: 'Customer.io', checks }]
  let unmet: ReadonlyMap<Need, string> = new Map()
  checks.push(
    await attempt(async () => {
      const client = await connect(job, maxRate, {})
      const workspaces = await askWorkspaces(client)
      const records = 'failure' in workspaces ? [] : workspaces.page.records
      const names = records.flatMap((record) => (record.fits ? [record.value] : []))
      const [workspace] = names
      checks.push(
        await trackCheck(job, names.length === 1 ? workspace?.id : undefined),
        clockCheck(client.clockOffsetMs()),
      )
      const reach = await probe(client, workspaces, job.io.now())
      unmet = reach.unmet
      sections.push({ title: 'What the key may read', checks: reach.checks })
      const place = `${client.host}${client.region === null ? '' : `, ${client.region.toUpperCase()} region`}`
      const of = workspace
        ? `: ${workspace.name ?? 'a workspace'} (${workspace.id})${names.length > 1 ? ` and ${names.length - 1} more` : ''}`
        : ''
      // A key that may not read this one thing (403) is known, and so accepted.
      return 'failure' in workspaces && workspaces.failure.kind !== 'forbidden'
        ? { mark: 'warn', text: `Customer.io answers at ${place}, but not as it should.` }
        : { mark: 'ok', text: `The App API key is accepted at ${place}${of}.` }
    }),
  )
  // The key comes first, although it is known last.
  checks.unshift(...checks.splice(-1))
  if (exitOf(sections) === 0) {
    sections.push({ title: 'Rules', checks: ruleChecks(job.rules, job.settings, unmet, job.io.now()) })
  }
  return sections
}
