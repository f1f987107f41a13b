import { bringIn } from './bring-in.ts'
import type { Io } from './io.ts'
import { loadJob } from './job.ts'
import { readOrigin } from './origin.ts'
import { readPullOptions, type PullFlags } from './run-options.ts'

/** `cio-audit pull`. */
export async function runPull(flags: PullFlags, io: Io, toolVersion: string): Promise<number> {
  const origin = readOrigin(flags)
  const options = readPullOptions(flags, io.now())
  const job = await loadJob(flags, io, toolVersion)
  const held = await bringIn(job, origin, options)
  await held.release()
  job.progress.note(
    origin.base === 'api'
      ? `The snapshot is in ${held.snapshotPath}; \`cio-audit run --offline\` audits it.`
      : `The snapshot is in ${held.snapshotPath}; \`cio-audit run --source\` with this path audits it.`,
  )
  return 0
}
