import { once } from 'node:events'
import { ReportError } from '../core/errors.ts'

/** What a command gets from the machine it runs on; tests give their own. */
export interface Io {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly now: () => Date
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}

/** Wider lines are hard to read, whatever the terminal holds. */
const widest = 120

export interface Screen {
  readonly width: number
  readonly colour: boolean
}

export function screenOf(stream: NodeJS.WriteStream, noColour: boolean): Screen {
  // Some terminals (a pty that nobody has sized) say 0.
  const width = stream.isTTY && stream.columns > 0 ? stream.columns : 80
  return { width: Math.min(width, widest), colour: !noColour && stream.isTTY && stream.hasColors() }
}

/**
 * Writes all of it, waiting where the reader is slow. A reader that has gone (`| head`) is no failure: it has seen
 * what it wanted.
 */
export async function writeOut(
  stream: NodeJS.WriteStream,
  parts: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  let failure: NodeJS.ErrnoException | undefined
  const onError = (error: NodeJS.ErrnoException): void => {
    failure = error
  }
  stream.on('error', onError)
  try {
    for await (const part of parts) {
      if (failure || stream.destroyed) break
      if (!stream.write(part)) await Promise.race([once(stream, 'drain'), once(stream, 'close')])
    }
    await new Promise<void>((done) => {
      if (stream.destroyed || failure) done()
      else stream.write('', () => done())
    })
  } catch (error) {
    failure ??= error as NodeJS.ErrnoException
  } finally {
    stream.off('error', onError)
  }
  if (failure && failure.code !== 'EPIPE') {
    throw new ReportError(
      'REPORT_STDOUT',
      'The report could not be written to standard output.',
      'Make room where the output goes, or name a folder with --out.',
      { cause: failure },
    )
  }
}
