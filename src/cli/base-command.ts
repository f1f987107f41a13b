import { Command } from '@oclif/core'
import type { Io } from './io.ts'
import { withInterrupt } from './interrupt.ts'

/** What all commands share: the machine they run on, and an exit code that is set and never exited with. */
export abstract class BaseCommand extends Command {
  /** Runs the body with an `Io` whose signal Ctrl-C aborts; its number becomes the exit code. */
  protected async work(
    body: (io: Io) => Promise<number>,
    interrupt: 'failure' | 'end' = 'failure',
  ): Promise<void> {
    const { env, stdin, stdout, stderr } = process
    const io = { cwd: process.cwd(), env, stdin, stdout, stderr, now: () => new Date() }
    process.exitCode = await withInterrupt((signal) => body({ ...io, signal }), interrupt)
  }
}
