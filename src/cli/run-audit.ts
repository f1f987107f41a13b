import { resolve } from 'node:path'
import type { Io } from './io.ts'
import { checkManifest, checkOutputFolder } from './output-folder.ts'
import { readOrigin } from './origin.ts'
import { checkGlobs } from './rule-globs.ts'
import { readDelivery, readFailOn, readPullOptions, readWindow, type RunFlags } from './run-options.ts'

/** `cio-audit run`. Everything that can be wrong with the command line and its files is found before the first request. */
export async function runAudit(flags: RunFlags, io: Io, toolVersion: string): Promise<number> {
  const now = io.now()
  const origin = readOrigin(flags)
  const window = readWindow(flags, now)
  const pull = readPullOptions(flags, window.asOf ?? now)
  const chosen = readDelivery(flags)
  const delivery = { ...chosen, out: chosen.out === undefined ? undefined : resolve(io.cwd, chosen.out) }
  // Here, so that a slip in the command line is told at once: what reads the files, and what audits, takes a second to load.
  const { loadJob, loadJudgement } = await import('./job.ts')
  const { loadOrders } = await import('../config/index.ts')
  const job = await loadJob(flags, io, toolVersion)
  const judgement = await loadJudgement(flags, io)
  const orders = await loadOrders(flags.orders, io.cwd)
  const ids = job.rules.map(({ meta }) => meta.id)
  checkGlobs('--rule', flags.rule ?? [], ids)
  checkGlobs('--skip-rule', flags['skip-rule'] ?? [], ids)
  if (delivery.out !== undefined) {
    await checkOutputFolder(delivery.out)
    if (delivery.files.includes('csv')) await checkManifest(delivery.out)
  }
  const { bringIn } = await import('./bring-in.ts')
  const held = await bringIn(job, origin, pull)
  try {
    const { auditSnapshot } = await import('./audit-snapshot.ts')
    return await auditSnapshot(job, {
      ...judgement,
      orders,
      snapshotPath: held.snapshotPath,
      window,
      only: flags.rule ?? [],
      skip: flags['skip-rule'] ?? [],
      journeys: flags.journey ?? [],
      memoryBytes: pull.memoryBytes,
      failOn: readFailOn(flags),
      delivery,
      csvBom: flags['csv-bom'],
      reveal: flags.reveal,
      redact: flags.redact,
      noColour: flags['no-color'],
      online: !flags.offline,
    })
  } finally {
    await held.release()
  }
}
