#!/usr/bin/env node
import { nodeComplaint } from './node-version.js'

// The engine's allocator reads this when the engine is loaded: memory that was freed goes back within a tenth of a second.
// By its own ten seconds an audit of two million events held 980 MB, and 850 MB with this.
process.env.DUCKDB_JE_MALLOC_CONF ??= 'dirty_decay_ms:100,muzzy_decay_ms:0'

const complaint = nodeComplaint(process.versions.node)
if (complaint) {
  process.stderr.write(`${complaint}\n`)
  process.exitCode = 2
} else {
  const { main } = await import('../dist/src/cli/main.js')
  await main(process.argv.slice(2), import.meta.url)
}
