import { createHash } from 'node:crypto'
import type { AuditReport, RuleResult } from '../core/report.ts'
import { isoSeconds } from '../core/time.ts'
import { checklistLines, decide, withCounts } from '../core/verdict.ts'
import { raw } from '../engine/sql.ts'
import type { Facts } from './facts.ts'
import type { AuditOptions } from './index.ts'
import { journeyLines, unreadNotices } from './journeys.ts'
import { ledger, ledgerNotices } from './ledger.ts'
import type { Ruled, RunContext } from './run-rule.ts'

/** The report: nothing in it comes from the clock, so that the same inputs give the same bytes. */
export async function assemble(
  options: AuditOptions,
  facts: Facts,
  ruled: readonly Ruled[],
  run: RunContext,
  notices: string[],
): Promise<AuditReport> {
  const rules = ruled.map(({ result }) => result)
  const lines = checklistLines(rules, options.settings.attest, facts.window.asOf)
  const count = (status: RuleResult['status']) => rules.filter((rule) => rule.status === status).length
  const [totals] = await run.session.rows(
    raw(`
    select (select count(*) from profile) as profiles, (select count(distinct token) from device) as devices, (select count(*) from event) as events`),
  )
  const verdict = withCounts(decide(rules, lines), rules, facts.sample)
  const plan = { version: options.plan.version, origin: options.plan.origin }
  return {
    schemaVersion: 1,
    tool: { name: 'cio-audit', version: options.toolVersion },
    run: {
      id: runId(options, facts),
      asOf: isoSeconds(facts.window.asOf),
      window: { since: isoSeconds(facts.window.since), until: isoSeconds(facts.window.until) },
      plan,
      snapshot: facts.hash,
      sample: facts.sample,
    },
    sources: facts.sources,
    verdict,
    ...(run.scope === null
      ? {}
      : {
          scope: { journeys: run.scope.journeys.map(({ id }) => id) },
          elsewhere: {
            failing: ruled.filter(({ failsElsewhere }) => failsElsewhere).length,
            findings: await run.store.elsewhere(),
          },
        }),
    checklist: lines,
    rules,
    journeys: await journeyLines(options.rules, rules, run, verdict.decision),
    ledger: await ledger(run.session),
    totals: {
      profiles: Number(totals?.['profiles'] ?? 0),
      devices: Number(totals?.['devices'] ?? 0),
      events: Number(totals?.['events'] ?? 0),
      rules: {
        pass: count('pass'),
        fail: count('fail'),
        inconclusive: count('inconclusive'),
        skipped: count('skipped'),
      },
    },
    notices: [...notices, ...(await ledgerNotices(run.session)), ...(await unreadNotices(run.session))],
  }
}

/** The same inputs give the same name: snapshot, config, plan, waivers, baseline, orders, window and selection of rules. */
export function runId(options: AuditOptions, facts: Facts): string {
  // Who is told of a run is no part of it.
  const { notify: _, ...settings } = options.settings
  const inputs = {
    snapshot: facts.hash,
    settings,
    plan: options.plan,
    waivers: options.waivers,
    baseline: options.baseline,
    window: facts.window,
    only: options.only,
    skip: options.skip,
    ...(options.journeys === undefined || options.journeys.length === 0
      ? {}
      : { journeys: options.journeys }),
    ...(options.orders === undefined ? {} : { orders: options.orders.sha256 }),
  }
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32)
}
