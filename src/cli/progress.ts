import { terminalText } from '../reports/escape.ts'
import { drawnProgress } from './progress-drawn.ts'

/** Says what the work is at; the next word replaces this one. */
export type Say = (text: string) => void

/** What is told on stderr while the work goes on; stdout belongs to the report. */
export interface Progress {
  step<T>(title: string, work: (say: Say) => Promise<T>): Promise<T>
  /** Stays on the screen. */
  note(text: string): void
  /** The same for what somebody should look at. */
  warn(text: string): void
  /** Only with --verbose. */
  detail(text: string): void
}

export interface ProgressOptions {
  readonly stderr: NodeJS.WriteStream
  readonly quiet: boolean
  readonly verbose: boolean
  readonly now: () => Date
}

const narrowestDrawn = 40

export function createProgress(options: ProgressOptions): Progress {
  if (options.quiet) return silent
  const { isTTY, columns, rows } = options.stderr
  // Below some width (0 is what an unsized pty says) the drawing would break every letter into a line of its own.
  return isTTY && columns >= narrowestDrawn && rows > 0 && !options.verbose
    ? drawnProgress(options.stderr)
    : inLines(options)
}

const silent: Progress = {
  step: (_title, work) => work(() => undefined),
  note: () => undefined,
  warn: () => undefined,
  detail: () => undefined,
}

/** A log that is read later wants a line now and then, not every page. */
const lineEveryMs = 2000

function inLines({ stderr, verbose, now }: ProgressOptions): Progress {
  const line = (text: string): void => void stderr.write(`${terminalText(text)}\n`)
  return {
    async step(title, work) {
      const started = now().getTime()
      let told = started
      let last = ''
      line(`${title} …`)
      const value = await work((text) => {
        last = text
        if (!verbose && now().getTime() - told < lineEveryMs) return
        told = now().getTime()
        line(`  ${text}`)
      })
      const seconds = ((now().getTime() - started) / 1000).toFixed(1)
      line(`${title}: done in ${seconds} s${last === '' ? '' : ` (${last})`}`)
      return value
    },
    note: (text) => line(`• ${text}`),
    warn: (text) => line(`! ${text}`),
    detail: (text) => {
      if (verbose) line(`  ${text}`)
    },
  }
}
