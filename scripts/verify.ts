// Everything about the code that needs no test run. All of it is done, so that one run tells all there is to mend.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './generated.ts'

const bin = (name: string): string => join(root, 'node_modules', '.bin', name)
const node = (script: string): readonly string[] => [
  process.execPath,
  join(root, 'scripts', script),
  '--check',
]

/** What is checked, the command, and what mends it where a command can. */
const steps: readonly {
  readonly name: string
  readonly command: readonly string[]
  readonly mend?: string
}[] = [
  { name: 'format', command: [bin('oxfmt'), '--check'], mend: 'npm run format' },
  { name: 'lint', command: [bin('oxlint')] },
  { name: 'types', command: [bin('tsc'), '-p', 'tsconfig.check.json'] },
  { name: 'types of the page', command: [bin('tsc'), '-p', 'src/reports/html/client', '--noEmit'] },
  { name: 'unused code', command: [bin('knip'), '--no-progress'] },
  { name: 'rules index is fresh', command: node('generate-rules-index.ts'), mend: 'npm run generate' },
  { name: 'schemas are fresh', command: node('generate-schemas.ts'), mend: 'npm run generate' },
  { name: 'rule pages are fresh', command: node('generate-docs.ts'), mend: 'npm run generate' },
  { name: 'page of errors is fresh', command: node('generate-errors.ts'), mend: 'npm run generate' },
  { name: 'package', command: [bin('publint'), '--strict'] },
]

const failed: string[] = []
for (const { name, command, mend } of steps) {
  const started = performance.now()
  const [program = '', ...args] = command
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    shell: process.platform === 'win32',
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (status === 0) continue
  failed.push(name)
  console.log(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trimEnd())
  if (mend !== undefined) console.log(`Mend it with \`${mend}\`.`)
}
console.log(
  failed.length === 0 ? 'verify: all holds' : `verify: ${failed.length} failed: ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
