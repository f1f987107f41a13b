#!/usr/bin/env node
import { holdLittle } from './memory.js'
import { nodeComplaint } from './node-version.js'

holdLittle()

const complaint = nodeComplaint(process.versions.node)
if (complaint) {
  process.stderr.write(`${complaint}\n`)
  process.exitCode = 2
} else {
  const { main } = await import('../dist/src/cli/main.js')
  await main(process.argv.slice(2), import.meta.url)
}
