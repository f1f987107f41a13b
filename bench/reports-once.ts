import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { holdLittle } from '../bin/memory.js'
import { FindingStore } from '../src/audit/findings.ts'
import { deliver } from '../src/cli/deliver.ts'
import { openDatabase } from '../src/engine/database.ts'
import { raw } from '../src/engine/sql.ts'
import { createMasker, maskInput, reporters, type Format, type OutputFile } from '../src/reports/index.ts'
import { generatedAudit, hundredThousand } from '../test/support/generated-audit.ts'

const unmasked: ReadonlySet<string> = new Set(['json', 'csv', 'html'])

/**
 * `fill`: puts the findings into a database of their own, which takes memory that a run has given back by then. `write`:
 * reads them from the engine, as a run does. What a run leaves as it is goes out so, and the rest is masked.
 */
// As the program does it.
holdLittle()
const [step = '', folder = ''] = process.argv.slice(2)
const filled = join(folder, 'filled.duckdb')
const generated = generatedAudit(hundredThousand)
if (step === 'fill') await fill()
else await write()

async function fill(): Promise<void> {
  const db = await openDatabase({ path: filled, access: 'write' })
  const store = await FindingStore.create(db)
  for (const [position, { rule }] of hundredThousand.entries()) {
    for await (const chunk of generated.findings(rule)) {
      await store.add(
        position,
        chunk.map((finding, place) => ({ ...finding, informative: false, population: null, place })),
      )
    }
  }
  // Under another name, so that the store of the run can be made beside it and take it over.
  await db.run(raw('alter table finding rename to filled'))
  await db.run(raw('drop table widening'))
  db.close()
}

async function write(): Promise<void> {
  const path = join(folder, 'findings.duckdb')
  await copyFile(filled, path)
  const db = await openDatabase({ path, access: 'write', isTransient: true, memoryBytes: 128 * 1024 ** 2 })
  const store = await FindingStore.create(db)
  await db.run(raw('drop table finding'))
  await db.run(raw('alter table filled rename to finding'))
  const findings = Number(await db.scalar(raw('select count(*) from finding')))
  const plain = { ...generated, findings: (rule?: string) => store.all(rule) }
  const masked = maskInput(plain, createMasker('a key of the bench'))
  const options = { width: 100, colour: false, csvBom: false }
  const out = join(folder, 'out')
  await rm(out, { recursive: true, force: true })
  const formats: Record<string, number> = {}
  const bytes: Record<string, number> = {}
  const before = process.cpuUsage()
  for (const format of Object.keys(reporters) as Format[]) {
    const files = reporters[format].files(unmasked.has(format) ? plain : masked, options)
    const started = performance.now()
    await deliver(
      out,
      files.map((file) => weighed(file, (size) => (bytes[format] = (bytes[format] ?? 0) + size))),
      new AbortController().signal,
    )
    formats[format] = round((performance.now() - started) / 1000)
  }
  const { user, system } = process.cpuUsage(before)
  db.close()
  process.stdout.write(
    JSON.stringify({
      seconds: round(Object.values(formats).reduce((sum, each) => sum + each, 0)),
      cpuSeconds: round((user + system) / 1e6),
      formats,
      bytes,
      findings,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
    }),
  )
}

function round(seconds: number): number {
  return Number(seconds.toFixed(2))
}

function weighed(file: OutputFile, weigh: (bytes: number) => void): OutputFile {
  return {
    path: file.path,
    async *content() {
      for await (const part of file.content()) {
        weigh(Buffer.byteLength(part))
        yield part
      }
    },
  }
}
