import {
  DefaultRenderer,
  Listr,
  type ListrDefaultRendererLogLevels,
  ListrLogger,
  ProcessOutput,
} from 'listr2'
import { terminalText } from '../reports/escape.ts'
import type { Progress, Say } from './progress.ts'

/** listr2 looks at stdout to see whether it may draw, and would write to it otherwise: into the report. */
class StderrRenderer extends DefaultRenderer {
  static override nonTTY = true
}

/** Progress that is drawn over itself, on a terminal. */
export function drawnProgress(stderr: NodeJS.WriteStream): Progress {
  // Notes that come while a step is drawn would be drawn over; they are held back until it has ended.
  let drawing = false
  const held: string[] = []
  const line = (text: string): void => {
    if (drawing) held.push(text)
    else stderr.write(`${terminalText(text)}\n`)
  }
  const drawn = async (tasks: Promise<unknown>): Promise<void> => {
    drawing = true
    try {
      await tasks
    } finally {
      drawing = false
      for (const text of held.splice(0)) line(text)
    }
  }
  return {
    step: async (title, work) => await runStep(stderr, title, work, drawn),
    note: (text) => line(`• ${text}`),
    warn: (text) => line(`! ${text}`),
    detail: () => undefined,
  }
}

async function runStep<T>(
  stderr: NodeJS.WriteStream,
  title: string,
  work: (say: Say) => Promise<T>,
  drawn: (tasks: Promise<unknown>) => Promise<void>,
): Promise<T> {
  let value: { readonly of: T } | undefined
  const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
    processOutput: new ProcessOutput(stderr, stderr),
  })
  const tasks = new Listr(
    [
      {
        title,
        task: async (_, task) => {
          let last = ''
          value = {
            of: await work((text) => {
              last = terminalText(text)
              task.output = last
            }),
          }
          if (last !== '') task.title = `${title}: ${last}`
        },
      },
    ],
    // Signals are ours: listr2 would leave with a code of its own.
    {
      registerSignalListeners: false,
      renderer: StderrRenderer,
      rendererOptions: { logger, showErrorMessage: false },
    },
  )
  await drawn(tasks.run())
  if (value === undefined) throw new Error(`The step "${title}" ended without a value.`)
  return value.of
}
