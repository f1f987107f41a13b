import { Command, type Interfaces } from '@oclif/core'
import { UsageError } from '../core/errors.ts'
import type { Io } from './io.ts'
import { withInterrupt } from './interrupt.ts'

/** What all commands share: the machine they run on, and an exit code that is set and never exited with. */
export abstract class BaseCommand extends Command {
  /** Refuses a flag without a value: `--journey "$JOURNEY"` with nothing in the variable would be judged as if nobody had asked. */
  protected override async parse<
    F extends Interfaces.OutputFlags<F>,
    B extends Interfaces.OutputFlags<B>,
    A extends Interfaces.OutputArgs<A>,
  >(options?: Interfaces.Input<F, B, A>, argv?: string[]): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv)
    for (const [name, value] of Object.entries<unknown>(parsed.flags)) {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value]
      if (values.some((one) => typeof one === 'string' && one.trim() === ''))
        throw new UsageError(
          'USAGE_EMPTY',
          `--${name} is given without a value.`,
          'Give it one, or leave the flag out. In a script the variable behind it may not be set.',
        )
    }
    return parsed
  }

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
