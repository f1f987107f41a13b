import type { Plan, PlannedAttribute, PlannedEvent, PlannedProperty } from '../core/plan.ts'
import { builtInPlan } from './built-in-plan.ts'
import { record } from './named.ts'
import { aliasProblems, sizeProblems, type ParsedProperty } from './plan-checks.ts'
import { type ParsedPlan, planSchema } from './plan-schema.ts'
import { fileError, type Problem } from './problem.ts'
import { allowedWords, schemaProblems } from './schema-problems.ts'
import { readTextFile, type TextFile, type TextFileKind } from './text-file.ts'
import { parseYaml, type YamlFile } from './yaml-file.ts'

/** What a plan file may have; more is no plan that somebody keeps. */
export const mostPlanBytes = 1_000_000
const kind: TextFileKind = {
  name: 'tracking plan',
  code: 'CONFIG_PLAN',
  flag: '--plan',
  maxBytes: mostPlanBytes,
}

export const planHelp = [
  'Mend the lines above, or remove the file to use the built-in plan.',
  'Editors complete the file with schema/tracking-plan.schema.json.',
]

/** A plan with the file that it stands in, for whoever has more to say about one of its lines. */
export interface ReadPlan {
  readonly plan: Plan
  readonly file: YamlFile
}

/** Reads `tracking-plan.yaml`. Without a path the file of that name is taken where there is one, else the built-in plan. */
export async function loadPlan(path: string | undefined, cwd: string): Promise<Plan> {
  return (await readPlan(path, cwd))?.plan ?? builtInPlan
}

/** The same; null where nobody named a file and there is none. */
export async function readPlan(path: string | undefined, cwd: string): Promise<ReadPlan | null> {
  const text = await readTextFile(path, 'tracking-plan.yaml', cwd, kind)
  return text === null ? null : parsePlan(text)
}

export function parsePlan(text: TextFile): ReadPlan {
  const file = parseYaml(text, kind.code)
  if (file.value === undefined || file.value === null) {
    throw fileError(
      kind.code,
      file.origin,
      [{ line: 1, column: 1, text: 'the tracking plan is empty' }],
      planHelp,
    )
  }
  const parsed = planSchema.safeParse(file.value, { error: allowedWords })
  if (!parsed.success)
    throw fileError(kind.code, file.origin, schemaProblems(parsed.error.issues, file), planHelp)
  const version = file.source(['version']) ?? parsed.data.version
  const problems = [
    ...emptiness(parsed.data, file),
    ...sizeProblems(parsed.data, file),
    ...aliasProblems(parsed.data.events, file),
  ]
  if (problems.length > 0) throw fileError(kind.code, file.origin, problems, planHelp)
  return { plan: planOf(parsed.data, String(version), file.origin), file }
}

function emptiness(plan: ParsedPlan, file: YamlFile): Problem[] {
  if (Object.keys(plan.events).length + Object.keys(plan.attributes).length > 0) return []
  return [
    { ...file.position([]), text: 'the tracking plan plans nothing: it has neither attributes nor events' },
  ]
}

function planOf(parsed: ParsedPlan, version: string, origin: string): Plan {
  return {
    version,
    origin,
    attributes: record(parsed.attributes, (attribute): PlannedAttribute => attribute),
    events: record(parsed.events, ({ properties, ...event }): PlannedEvent => ({
      ...event,
      properties: record(properties, propertyOf),
    })),
    byIntent: [],
  }
}

function propertyOf({ properties, items, ...value }: ParsedProperty): PlannedProperty {
  return {
    ...value,
    ...(properties === undefined ? {} : { properties: record(properties, propertyOf) }),
    ...(items === undefined ? {} : { items: record(items, propertyOf) }),
  }
}
