#!/usr/bin/env node
// The sources without a build. oclif looks for commands in `dist` unless it is told otherwise.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { nodeComplaint } from './node-version.js'

const complaint = nodeComplaint(process.versions.node)
if (complaint) {
  process.stderr.write(`${complaint}\n`)
  process.exitCode = 2
} else {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  pjson.oclif.commands = './src/commands'
  const { main } = await import('../src/cli/main.ts')
  await main(process.argv.slice(2), { root, pjson, ignoreManifest: true })
}
