import { spawn } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { binary, type CliResult } from './cli.ts'

export interface ActionStep {
  readonly name?: string
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, string>>
  readonly shell?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly 'working-directory'?: string
}
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] }
}

export async function readAction(): Promise<Action> {
  return parse(await readFile(new URL('../../action.yml', import.meta.url), 'utf8')) as Action
}

/**
 * Runs one shell step of the action as GitHub's runner does: the script in a file, bash with the runner's own options,
 * inputs filled into its environment, outputs read from a file. What npm would have installed is the built program.
 */
export async function runStep(
  action: Action,
  step: ActionStep,
  options: {
    readonly cwd: string
    readonly inputs?: Readonly<Record<string, string>>
    readonly env?: Readonly<Record<string, string>>
    /** Before all other folders of PATH. */
    readonly path?: string
  },
): Promise<CliResult & { readonly outputs: ReadonlyMap<string, string> }> {
  const { cwd, inputs = {}, env = {} } = options
  const filled = (text: string): string =>
    text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => {
      const known = action.inputs[name]
      if (known === undefined) throw new Error(`There is no input ${name}.`)
      return inputs[name] ?? known.default
    })
  const temp = join(dirname(cwd), 'runner')
  const [script, output, program] = [
    join(temp, 'script.sh'),
    join(temp, 'output'),
    join(temp, 'cio-audit', 'node_modules', '.bin', 'cio-audit'),
  ]
  await mkdir(dirname(program), { recursive: true })
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${binary}' "$@"\n`)
  await chmod(program, 0o755)
  await writeFile(script, step.run ?? '')
  await writeFile(output, '')
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd: join(cwd, filled(step['working-directory'] ?? '.')),
    env: {
      PATH: [options.path, dirname(process.execPath), process.env['PATH']].filter(Boolean).join(':'),
      HOME: temp,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: output,
      RUNNER_TEMP: temp,
      ...env,
      ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value)])),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const heard = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (heard[name] += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const lines = (await readFile(output, 'utf8')).split('\n').filter((line) => line.includes('='))
  const outputs = new Map(lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]))
  return { code, ...heard, outputs }
}
