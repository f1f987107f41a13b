import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startSimulator } from '../../src/simulator/index.ts'
import { tempDir } from '../support/temp-dir.ts'

const now = new Date('2026-11-20T12:00:00Z')
const runner = fileURLToPath(new URL('../support/pull-runner.ts', import.meta.url))

/** No file may grow past so many blocks of the shell (1 KB in bash); to the program it looks like a full disk. */
function pull(args: readonly string[], blocks: number | 'unlimited'): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      'bash',
      ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, runner, ...args],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let output = ''
    child.stdout.on('data', (chunk) => (output += String(chunk)))
    child.on('error', reject)
    child.on('close', () => resolve(output.trim()))
  })
}

test(
  'a disk that is full ends the pull in a sentence, and with room again it goes on as if nothing had been',
  { timeout: 120_000 },
  async () => {
    const simulator = await startSimulator({ people: 2000, seed: 5, variant: 'broken', now })
    try {
      const at = [simulator.appUrl, simulator.appKey]
      const [whole = ''] = (await pull([...at, await tempDir(), now.toISOString()], 'unlimited')).split(' ')
      expect(whole).toMatch(/^sha256:/)
      const stateDir = await tempDir()
      for (const blocks of [900, 1500, 2500]) {
        expect(await pull([...at, stateDir, now.toISOString()], blocks)).toBe('ENGINE_DISK')
      }
      expect(await pull([...at, stateDir, now.toISOString()], 'unlimited')).toMatch(whole)
    } finally {
      await simulator.close()
    }
  },
)
