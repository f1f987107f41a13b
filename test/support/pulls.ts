import { expect, onTestFinished } from 'vitest'
import { InterruptedError } from '../../src/core/errors.ts'
import { createClient } from '../../src/customerio/index.ts'
import type { ClientOptions } from '../../src/customerio/index.ts'
import type { Row } from '../../src/engine/database.ts'
import { raw } from '../../src/engine/sql.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import type { Simulator, SimulatorOptions } from '../../src/simulator/index.ts'
import { openSnapshot } from '../../src/snapshot/index.ts'
import type { LedgerEntry } from '../../src/snapshot/index.ts'
import { pullWorkspace } from '../../src/sources/app-api/index.ts'
import type { PullOptions, PullProgress } from '../../src/sources/app-api/index.ts'
import { tempDir } from './temp-dir.ts'

export const now = new Date('2026-11-20T12:00:00Z')

export async function shop(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await startSimulator({ people: 250, seed: 11, variant: 'broken', now, ...options })
  onTestFinished(() => simulator.close())
  return simulator
}

export interface Pulled {
  readonly stateDir: string
  readonly hash: string | null
  readonly ledger: Readonly<Record<string, LedgerEntry>>
  readonly progress: readonly PullProgress[]
  rows(text: string): Promise<Row[]>
}

interface Choices extends Partial<PullOptions> {
  readonly stateDir?: string
  readonly client?: Partial<ClientOptions>
  readonly fresh?: boolean
}

/** A whole pull over HTTP into a file. The snapshot stays open for questions until the test ends. */
export async function pull(
  at: { readonly appUrl: string; readonly appKey: string },
  choices: Choices = {},
): Promise<Pulled> {
  const { stateDir = await tempDir(), client: clientOptions, fresh = false, ...options } = choices
  const snapshot = await openSnapshot({ stateDir, access: 'write', memoryBytes: 128 * 2 ** 20, fresh })
  const progress: PullProgress[] = []
  let isOpen = true
  const close = async (): Promise<void> => {
    if (isOpen) await snapshot.close()
    isOpen = false
  }
  onTestFinished(close)
  const signal = options.signal ?? new AbortController().signal
  const client = createClient({
    appKey: at.appKey,
    baseUrl: at.appUrl,
    signal,
    backOffBaseMs: 5,
    ...clientOptions,
  })
  try {
    await pullWorkspace(snapshot, client, {
      since: new Date(now.getTime() - 30 * 86_400_000),
      eventNames: ['purchase', 'cart_updated'],
      now: () => now,
      ...options,
      signal,
      onProgress: (told) => {
        progress.push(told)
        options.onProgress?.(told)
      },
    })
  } catch (cause) {
    await close()
    throw cause
  }
  return {
    stateDir,
    hash: await snapshot.meta('hash'),
    ledger: Object.fromEntries(snapshot.ledger().map((entry) => [entry.name, entry])),
    progress,
    rows: (text) => snapshot.rows(raw(text)),
  }
}

/** @returns the state folder of a pull that was interrupted when it told this. */
export async function interrupted(
  simulator: Simulator,
  isIt: (told: PullProgress) => boolean,
  choices: Choices = {},
): Promise<string> {
  const stateDir = await tempDir()
  const abort = new AbortController()
  const stopped = pull(simulator, {
    ...choices,
    stateDir,
    signal: abort.signal,
    onProgress: (told) => isIt(told) && abort.abort(),
  })
  await expect(stopped).rejects.toThrow(InterruptedError)
  return stateDir
}
