import type { z } from 'zod'
import type { RuleSetting, Settings } from '../core/settings.ts'
import { record } from './named.ts'
import { fileError, type Problem } from './problem.ts'
import { allowedWords, schemaProblems } from './schema-problems.ts'
import { type ParsedSettings, settingsSchema } from './settings-schema.ts'
import { didYouMean } from '../core/suggest.ts'
import { readTextFile, type TextFileKind } from './text-file.ts'
import { parseYaml, type YamlFile } from './yaml-file.ts'
import { realKey } from './yaml-value.ts'

const kind: TextFileKind = { name: 'config', code: 'CONFIG_INVALID', flag: '--config', maxBytes: 1_000_000 }

const help = [
  'Mend the lines above; `cio-audit rules` lists the rules.',
  'Editors complete the file with schema/config.schema.json.',
]

/** The settings with the file that they stand in; null where the defaults are taken. */
export interface ReadSettings {
  readonly settings: Settings
  readonly file: YamlFile | null
}

/** Reads `cio-audit.yaml`, for whoever needs the settings alone. */
export async function loadSettings(...args: Parameters<typeof readSettings>): Promise<Settings> {
  return (await readSettings(...args)).settings
}

/**
 * Reads `cio-audit.yaml`. Without a path the file of that name is taken where there is one, else the defaults.
 *
 * @param rulesOf gives the ids of all rules, those of the file's `customRules` with them; when given, any other name under
 * `rules` is an error.
 */
export async function readSettings(
  path: string | undefined,
  cwd: string,
  rulesOf?: (customRules: readonly string[]) => Promise<readonly string[]>,
): Promise<ReadSettings> {
  const text = await readTextFile(path, 'cio-audit.yaml', cwd, kind)
  if (text === null) return { settings: defaultSettings(), file: null }
  const file = parseYaml(text, kind.code)
  const parsed = settingsSchema.safeParse(file.value ?? {}, { error: allowedWords })
  const problems = schemaProblems(parsed.error?.issues ?? [], file)
  if (rulesOf !== undefined)
    problems.push(...unknownRules(file, await rulesOf(parsed.data?.customRules ?? [])))
  if (problems.length > 0 || !parsed.success) throw fileError(kind.code, file.origin, problems, help)
  return { settings: settingsOf(parsed.data, file.origin), file }
}

export const defaultSettings = (): Settings => settingsOf(settingsSchema.parse({}), 'defaults')

export type SettingsInput = z.input<typeof settingsSchema>

/** What is wrong with settings that somebody is about to write, without the values; null where they are fine. */
export const settingProblem = (settings: SettingsInput): string | null =>
  settingsSchema.safeParse(settings, { error: allowedWords }).error?.issues[0]?.message ?? null

function unknownRules(file: YamlFile, knownRules: readonly string[]): Problem[] {
  const rules = (file.value as { rules?: unknown } | undefined | null)?.rules
  if (typeof rules !== 'object' || rules === null || Array.isArray(rules)) return []
  return Object.keys(rules)
    .filter((key) => key !== '' && !knownRules.includes(key))
    .map((key) => ({
      ...file.position(['rules', key], 'key'),
      text: `rules.${realKey(key)}: there is no such rule${didYouMean(key, knownRules)}`,
    }))
}

function settingsOf(parsed: ParsedSettings, origin: string): Settings {
  const { identity, push, workspace, testProfiles, defaults, attest, report, history, notify, customRules } =
    parsed
  return {
    origin,
    workspace,
    identity: {
      maxShare: identity.maxShare,
      canonicalId: identity.canonicalId.pattern,
      authEvents: identity.authEvents,
      defaultCountry: identity.defaultCountry,
      placeholders: identity.placeholders.map((value) => value.toLowerCase()),
    },
    push: { optInAttribute: push.optInAttribute, staleAfterSeconds: push.staleAfter },
    testProfiles,
    defaults,
    rules: record(parsed.rules, ruleSetting),
    attest: record(attest, (attestation) => attestation),
    report,
    history,
    notify,
    customRules,
  }
}

function ruleSetting(parsed: ParsedSettings['rules'][string]): RuleSetting {
  if (typeof parsed !== 'object') return { enabled: false }
  const { options, ...limits } = parsed
  return {
    enabled: true,
    ...limits,
    ...(options === undefined ? {} : { options: record(options, (value) => value) }),
  }
}
