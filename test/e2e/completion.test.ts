import { execFileSync } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../support/cli.ts'

interface Manifest {
  readonly commands: Readonly<
    Record<
      string,
      {
        readonly id: string
        readonly summary?: string
        readonly examples?: readonly (string | { readonly description: string; readonly command: string })[]
        readonly flags: Readonly<Record<string, { readonly description?: string; readonly char?: string }>>
      }
    >
  >
}

const manifest = JSON.parse(
  await readFile(new URL('../../oclif.manifest.json', import.meta.url), 'utf8'),
) as Manifest
const commands = Object.values(manifest.commands).map((command) => ({
  ...command,
  words: command.id.split(':'),
}))
const home = mkdtempSync(join(tmpdir(), 'cio-audit-home-'))
afterAll(() => rmSync(home, { recursive: true }))

test('every command is covered', () => {
  expect(commands.length).toBeGreaterThanOrEqual(14)
})

describe.each(commands)('$id', ({ id, words, summary, examples = [], flags }) => {
  test('has help with a summary, examples, and a word about each flag', async () => {
    const { code, stdout } = await runCli([...words, '--help'], { cwd: home })
    expect(code).toBe(0)
    expect(summary).toMatch(/\.$/)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(summary?.replaceAll(/\s+/g, ' '))
    expect(stdout).toMatch(/^EXAMPLES$/m)
    for (const [name, { description }] of Object.entries(flags))
      expect({ name, description }).toEqual({ name, description: expect.stringMatching(/\S/) as string })
  })

  test('shows examples that use what it has', () => {
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      expect(example).toMatchObject({ description: expect.stringMatching(/\S/) as string })
      const text = typeof example === 'string' ? example : example.command
      expect(text).toMatch(/^<%= config\.bin %> <%= command\.id %>/)
      for (const [, name = ''] of text.matchAll(/ --([a-z-]+)/g))
        expect(Object.keys(flags), `${id}: ${text}`).toContain(name)
    }
  })
})

describe('completion in bash', () => {
  const setup = join(home, '.cache', 'cio-audit', 'autocomplete', 'bash_setup')
  beforeAll(() => runCli(['autocomplete', 'bash'], { cwd: home }))

  test('says what to put where, and that is there', async () => {
    const script = await runCli(['autocomplete', 'script', 'bash'], { cwd: home })
    expect(script.stdout).toContain(setup)
    await access(setup)
  })

  /** What a Tab after these words offers. */
  function offered(...words: readonly string[]): string[] {
    const script = `source "$SETUP"; COMP_WORDS=(cio-audit "$@"); COMP_CWORD=$#; _cio-audit_autocomplete; printf '%s\\n' "\${COMPREPLY[@]}"`
    const out = execFileSync('bash', ['--noprofile', '--norc', '-c', script, 'bash', ...words], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: home, SETUP: setup },
    })
    return [...new Set(out.split('\n').filter((word) => word !== ''))]
  }

  test.each(commands)('$id is offered, and its flags after it', ({ words, flags }) => {
    const [first = '', second] = words
    expect(offered(first.slice(0, -1))).toContain(first)
    if (second !== undefined) expect(offered(first, '')).toContain(second)
    // A flag is boolean or takes a value; both are offered by name.
    expect(offered(...words, '--').toSorted()).toEqual(
      Object.keys(flags)
        .map((name) => `--${name}`)
        .toSorted(),
    )
  })
})

test.each(['bash', 'zsh', 'powershell'])('%s is told what to put where', async (shell) => {
  const { code, stdout } = await runCli(['autocomplete', shell], { cwd: home })
  expect(code).toBe(0)
  expect(stdout).toContain(`cio-audit autocomplete script ${shell}`)
})
