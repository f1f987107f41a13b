import { bringIn } from './bring-in.ts'
import type { Io } from './io.ts'
import { loadJob } from './job.ts'
import { readPullOptions, type PullFlags } from './run-options.ts'

/** `cio-audit pull`. */
export async function runPull(flags: PullFlags, io: Io, toolVersion: string): Promise<number> {
  const options = readPullOptions(flags, io.now())
  const job = await loadJob(flags, io, toolVersion)
  const held = await bringIn(job, { kind: 'api' }, options)
  await held.release()
  job.progress.note(`The snapshot is in ${held.snapshotPath}; \`cio-audit run --offline\` audits it.`)
  return 0
}
