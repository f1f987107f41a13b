import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Simulator } from '../../src/simulator/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
export const binary = join(root, 'bin', 'run.js')

export interface CliOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Modules that are loaded before the program. */
  readonly preload?: readonly string[]
  /** Where stdout goes instead of into the result. */
  readonly stdoutTo?: number
}

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly child: ChildProcess
  readonly done: Promise<CliResult>
  /** Resolves when stderr or stdout holds this text. */
  said(text: string): Promise<void>
  /** Stdout so far. */
  heard(): string
}

/** The built program in a process of its own, with nothing of this process's environment but where Node is. */
export function startCli(
  args: readonly string[],
  { cwd, env = {}, preload = [], stdoutTo }: CliOptions,
): RunningCli {
  if (!existsSync(join(root, 'dist', 'src', 'cli', 'main.js')))
    throw new Error('Not built: run `npm run build` first.')
  const imports = preload.flatMap((path) => ['--import', path])
  const child = spawn(process.execPath, [...imports, binary, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, TMPDIR: process.env['TMPDIR'] ?? tmpdir(), ...env },
    stdio: ['ignore', stdoutTo ?? 'pipe', 'pipe'],
  })
  const heard = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      heard[name] += text
      for (const look of waiting) look()
    })
  }
  const done = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...heard }))
  })
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!heard.stdout.includes(text) && !heard.stderr.includes(text)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      child.on('close', () => reject(new Error(`It ended before it said "${text}": ${heard.stderr}`)))
    })
  return { child, done, said, heard: () => heard.stdout }
}

export const runCli = (args: readonly string[], options: CliOptions): Promise<CliResult> =>
  startCli(args, options).done

/** An empty folder that is gone after the test. */
export async function tempFolder(cleanUp: (work: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cio-audit-e2e-'))
  cleanUp(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The environment that points at a simulator. */
export const envOf = (simulator: Simulator): Record<string, string> => ({
  CIO_APP_API_URL: simulator.appUrl,
  CIO_APP_API_KEY: simulator.appKey,
})

/** Vouches for what today's rules cannot show, so that a sound shop is a GO. */
export function attestations(simulator: Simulator): string {
  const lines = simulator.attest.map(
    (item) =>
      `  ${item}: { reason: of the test, owner: crm@shop.example, on: 2020-01-01, expires: 2100-01-01 }`,
  )
  return `attest:\n${lines.join('\n')}\n`
}

/** Every file below a folder with its bytes. */
export async function allFiles(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = new Map<string, Buffer>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(path.slice(folder.length + 1), await readFile(path))
  }
  return files
}
