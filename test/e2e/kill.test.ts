import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimulator } from '../../src/simulator/index.ts'
import type { Simulator } from '../../src/simulator/index.ts'
import { snapshotPath } from '../../src/snapshot/index.ts'
import { tempDir } from '../support/temp-dir.ts'

const now = new Date('2026-11-20T12:00:00Z')
const runner = fileURLToPath(new URL('../support/pull-runner.ts', import.meta.url))
const preload = new URL('../support/kill-at-page.ts', import.meta.url).href

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ people: 5000, seed: 7, variant: 'broken', now, eventsPerPerson: 8 })
})
afterAll(() => simulator.close())

const kills = 20
const killsInside = 8

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

function pull(stateDir: string, kill?: Readonly<Record<string, string>>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const flags = kill ? ['--import', preload] : []
    const child = spawn(
      process.execPath,
      [...flags, runner, simulator.appUrl, simulator.appKey, stateDir, now.toISOString()],
      { env: { ...process.env, ...kill }, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let output = ''
    child.stdout.on('data', (chunk) => (output += String(chunk)))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, output: output.trim() }))
  })
}

/** Small and repeatable (mulberry32): the moments must be the same for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

test(
  'a pull that is killed at 20 moments ends in the snapshot of an uninterrupted one',
  { timeout: 240_000 },
  async () => {
    const seed = Number(process.env['KILL_SEED'] ?? randomInt(2 ** 31))
    console.log(`kill test: KILL_SEED=${seed}`)
    const random = randomFrom(seed)

    const [hash = '', pages = ''] = (await pull(await tempDir())).output.split(' ')
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/)

    // Twenty moments over all pages of a pull; each process is given its way to the next one. Pages that were under way
    // are lost and read again, so a pull may end before its last moment: then it must be whole, and another one begins.
    const moments = Array.from({ length: kills }, () => random(Number(pages))).toSorted((a, b) => a - b)
    const inside = new Set<number>()
    while (inside.size < killsInside) inside.add(random(kills))
    let stateDir = await tempDir()
    for (let n = 0; n < kills; n++) {
      const ended = await pull(stateDir, {
        KILL_PAGE: String(Math.max(1, (moments[n] ?? 0) - (moments[n - 1] ?? 0))),
        KILL_HOW: inside.has(n) ? 'inside' : 'after',
        KILL_MICROSECONDS: String(random(3000)),
      })
      if (ended.signal === 'SIGKILL') {
        expect(existsSync(snapshotPath(stateDir))).toBe(false)
        continue
      }
      expect(ended.output).toMatch(hash)
      stateDir = await tempDir()
      n--
    }
    const resumed = await pull(stateDir)
    expect(resumed).toMatchObject({ code: 0, signal: null })
    expect(resumed.output).toMatch(hash)
    expect(existsSync(join(stateDir, 'lock'))).toBe(false)
  },
)
