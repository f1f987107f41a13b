import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'

/** A process whose work takes no notice of the signal, as a query in the engine does. */
async function stuck(meaning: string): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const module = JSON.stringify(new URL('../../src/cli/interrupt.ts', import.meta.url).href)
  const script = `import { withInterrupt } from ${module}
    setInterval(() => undefined, 1000)
    await withInterrupt((signal) => new Promise(() => {
      signal.addEventListener('abort', () => console.log('told'))
      console.log('ready')
    }), '${meaning}')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script])
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // Once it is ready, and again once it was told.
  child.stdout.on('data', () => child.kill('SIGINT'))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stderr }
}

test('work that does not stop ends with the second Ctrl-C, and says so', async () => {
  const { code, stderr } = await stuck('failure')
  expect(code).toBe(130)
  expect(stderr).toMatch(/^✖ Interrupted; what was read so far is kept\.\n/)
})

test('a server that is told twice ends without a word', async () => {
  expect(await stuck('end')).toEqual({ code: 130, stderr: '' })
})
