import { DuckDBConnection } from '@duckdb/node-api'
import { Snapshot } from '../../src/snapshot/index.ts'
import type { Page } from '../../src/snapshot/index.ts'

/**
 * For `node --import`: kills its own process (SIGKILL: no handler runs, nothing is flushed) around the n-th page.
 * KILL_PAGE=n      when n pages have been committed by this process
 * KILL_HOW=inside  in the middle of the transaction's commit that follows: the native commit is started and runs in
 *                  a thread of its own, and KILL_MICROSECONDS later the process is gone
 * KILL_HOW=after   at once, between two pages
 */
const victim = Number(process.env['KILL_PAGE'])
const how = process.env['KILL_HOW']
const microseconds = Number(process.env['KILL_MICROSECONDS'] ?? '0')
let committed = 0

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

const commit = Snapshot.prototype.commit
Snapshot.prototype.commit = async function (this: Snapshot, page: Page): Promise<void> {
  await commit.call(this, page)
  committed++
  if (how === 'after' && committed >= victim) die()
}

const run = DuckDBConnection.prototype.run
DuckDBConnection.prototype.run = function (this: DuckDBConnection, text, ...rest) {
  const result = run.call(this, text, ...rest)
  if (how === 'inside' && text === 'commit' && committed >= victim) {
    const end = process.hrtime.bigint() + BigInt(microseconds) * 1000n
    while (process.hrtime.bigint() < end);
    die()
  }
  return result
}
