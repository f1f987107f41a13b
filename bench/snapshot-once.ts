import { rules } from '../rules/index.ts'
import { audit } from '../src/audit/index.ts'
import { loadPlan, loadSettings } from '../src/config/index.ts'

/** One audit of a snapshot in a process of its own, so that its peak memory is its own. Prints its timings as JSON. */
const [snapshotPath = '', folder = '', memory = ''] = process.argv.slice(2)
const started = performance.now()
const outcome = await audit({
  snapshotPath,
  stateDir: folder,
  settings: await loadSettings(undefined, folder),
  plan: await loadPlan('plan.yaml', folder),
  waivers: [],
  baseline: null,
  rules,
  only: [],
  skip: [],
  toolVersion: '0.0.0',
  memoryBytes: Number(memory),
})
let findings = 0
let evidence = 0
for await (const rows of outcome.findings()) findings += rows.length
for (const { meta } of rules) for await (const rows of outcome.evidence(meta.id).rows) evidence += rows.length
const seconds = (performance.now() - started) / 1000
process.stdout.write(
  JSON.stringify({
    seconds,
    ...outcome.timings,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    findings,
    evidence,
    totals: outcome.report.totals,
  }),
)
await outcome.close()
