import { glob } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { dirname, extname, isAbsolute, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rules } from '../../rules/index.ts'
import { readCustomRule } from '../audit/custom-rule.ts'
import type { Rule } from '../audit/rule.ts'
import { readSettings } from '../config/settings.ts'
import type { YamlFile } from '../config/yaml-file.ts'
import { UsageError } from '../core/errors.ts'
import type { Settings } from '../core/settings.ts'

export interface Rulebook {
  readonly settings: Settings
  /** Ours, then those of `customRules`. */
  readonly rules: readonly Rule[]
  /** How many of them are not ours. */
  readonly custom: number
  /** The config with the places of its lines; null where there is none. */
  readonly file: YamlFile | null
}

/** The config, and the rules that it adds to ours: what stands under `rules:` may name either. */
export async function loadRulebook(config: string | undefined, cwd: string): Promise<Rulebook> {
  const all: Rule[] = [...rules]
  const folder = dirname(resolve(cwd, config ?? 'cio-audit.yaml'))
  const { settings, file } = await readSettings(config, cwd, async (patterns) => {
    all.push(...(await loadCustomRules(patterns, folder)))
    return all.map(({ meta }) => meta.id)
  })
  return { settings, rules: all, custom: all.length - rules.length, file }
}

/** Rules of one's own (contracts, section 7): the modules that the globs match, in the order of their names. */
async function loadCustomRules(patterns: readonly string[], folder: string): Promise<Rule[]> {
  const taken = new Map<string, string>(rules.map(({ meta }) => [meta.id, 'cio-audit itself']))
  const loaded: Rule[] = []
  for (const path of await modulesOf(patterns, folder)) {
    const name = isAbsolute(relative(folder, path)) ? path : relative(folder, path)
    const rule = readCustomRule(await importDefault(path, name))
    if (!('meta' in rule)) throw wrong(`${name} is no rule: ${rule.slice(0, 5).join('; ')}.`)
    const other = taken.get(rule.meta.id)
    if (other !== undefined) throw wrong(`${name} is called ${rule.meta.id}, and so is a rule of ${other}.`)
    taken.set(rule.meta.id, name)
    loaded.push(rule)
  }
  return loaded
}

async function modulesOf(patterns: readonly string[], folder: string): Promise<string[]> {
  const found = new Set<string>()
  for (const pattern of patterns) {
    const paths = await Array.fromAsync(glob(pattern, { cwd: folder }))
    if (paths.length === 0)
      throw wrong(`customRules: "${pattern}" matches no file in the folder of the config.`)
    for (const path of paths) found.add(resolve(folder, path))
  }
  return [...found].toSorted()
}

/** Node reads TypeScript by itself; a rule stands in any folder, also in one where nothing is installed. */
async function importDefault(path: string, name: string): Promise<unknown> {
  const own = new Map([
    // The same `defineRule` and `sql` that this process runs, installed beside the rule or not.
    ['cio-audit', new URL(`../index${extname(import.meta.url)}`, import.meta.url).href],
    // Found before the hook is there, which would be asked for it again.
    ['zod', import.meta.resolve('zod')],
  ])
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const url = own.get(specifier)
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true }
    },
  })
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown }
    return module.default
  } catch (cause) {
    throw wrong(`${name} could not be loaded (${firstLine(cause)}).`, cause)
  } finally {
    hooks.deregister()
  }
}

function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return (message.trim().split('\n')[0] ?? '').slice(0, 300)
}

const wrong = (message: string, cause?: unknown): UsageError =>
  new UsageError(
    'CONFIG_CUSTOM_RULES',
    message,
    'Mend the module, or take it out of customRules; "Rules of your own" in the README shows a whole one.',
    cause === undefined ? undefined : { cause },
  )
