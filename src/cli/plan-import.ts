import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { planAsJsonSchema } from '../config/plan-export.ts'
import { record } from '../config/named.ts'
import { importPlan, type ImportKind } from '../config/plan-import/index.ts'
import { renderPlan } from '../config/plan-text.ts'
import { pathText, visible } from '../config/problem.ts'
import { portablePattern } from '../config/regular-expression.ts'
import { UsageError } from '../core/errors.ts'
import type { Plan, PlannedProperty, PlannedValue } from '../core/plan.ts'
import { safeJson } from '../reports/escape.ts'
import { plural } from '../reports/view.ts'
import { mustBePlan, patternsOf, readCheckedPlan, refusedPatterns } from './checked-plan.ts'
import { writeOut, type Io } from './io.ts'
import { noPlan } from './plan-check.ts'
import { takenAdvice, writeNamedFile, type Target } from './named-file.ts'

/** Beyond these a reader is told how many there are. */
const mostTold = 50

/** `cio-audit plan import`: somebody else's plan as `tracking-plan.yaml`, with a list of what that cannot say. */
export async function runPlanImport(
  file: string,
  flags: Target & { readonly from: string },
  io: Io,
): Promise<number> {
  const { out, force } = flags
  if (out !== '-' && !force && existsSync(resolve(io.cwd, out)))
    throw new UsageError('USAGE_OUT', `${out} is there already.`, takenAdvice)
  const imported = await importPlan(file, flags.from as ImportKind, io.cwd)
  const refused = await refusedPatterns(imported.plan)
  const plan = withoutPatterns(imported.plan, new Set(refused.map(({ pattern }) => pattern)))
  const losses = [
    ...imported.losses,
    ...refused.map(({ path, reason }) =>
      visible(`${pathText(path)}: the pattern: the engine (RE2) does not take it (${reason})`),
    ),
  ]
  const told = losses.slice(0, mostTold)
  const rest = losses.length - told.length
  const head = [
    `Taken over from ${plan.origin} (${flags.from}). Give the events their intent and mark those that journeys depend on as critical.`,
    ...(losses.length === 0 ? [] : ['Not taken over:', ...told.map((text) => `- ${text}`)]),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ]
  const text = renderPlan(plan, head)
  mustBePlan({
    origin: `${plan.origin}, taken over`,
    text,
    code: 'CONFIG_IMPORT',
    mend: `mend what they name in ${plan.origin}, and import it again.`,
    shrink: `Leave out of ${plan.origin} what no journey reads, and import it again.`,
  })
  await writeNamedFile(text, flags, io)
  const where = out === '-' ? 'standard output' : out
  const lines = [
    `${plural(Object.keys(plan.events).length, 'event')} and ${plural(Object.keys(plan.attributes).length, 'attribute')} are planned in ${where}.`,
    ...(losses.length === 0
      ? ['Everything was taken over.']
      : ['Not taken over:', ...told.map((loss) => `  - ${loss}`)]),
    ...(rest > 0 ? [`  - and ${rest} more`] : []),
  ]
  await writeOut(io.stderr, [`${lines.join('\n')}\n`])
  return 0
}

/** A pattern that no audit could ask is left out, as every other word that a plan has no place for. */
function withoutPatterns(plan: Plan, refused: ReadonlySet<string>): Plan {
  const plain = <Value extends PlannedValue>(value: Value): Value => {
    if (value.pattern === undefined || !refused.has(value.pattern)) return value
    const { pattern: _, ...rest } = value
    return rest as Value
  }
  const deep = (property: PlannedProperty): PlannedProperty => ({
    ...plain(property),
    ...(property.properties === undefined ? {} : { properties: record(property.properties, deep) }),
    ...(property.items === undefined ? {} : { items: record(property.items, deep) }),
  })
  return {
    ...plan,
    attributes: record(plan.attributes, plain),
    events: record(plan.events, (event) => ({ ...event, properties: record(event.properties, deep) })),
  }
}

/** `cio-audit plan export`: the plan as JSON Schema, for whoever checks payloads before they are sent. */
export async function runPlanExport(
  flags: Target & { readonly plan: string | undefined },
  io: Io,
): Promise<number> {
  const read = await readCheckedPlan(flags.plan, io.cwd)
  if (read === null) throw noPlan()
  await writeNamedFile(safeJson(`${JSON.stringify(planAsJsonSchema(read.plan), null, 2)}\n`), flags, io)
  const left = patternsOf(read.plan).filter(({ pattern }) => portablePattern(pattern) === null)
  if (left.length > 0)
    await writeOut(io.stderr, [
      `Patterns that only RE2 reads stand under x-cio-audit, where no validator asks them:\n`,
      ...left
        .slice(0, mostTold)
        .map(({ path, pattern }) => visible(`  - ${pathText(path)}: ${pattern}`) + '\n'),
      ...(left.length > mostTold ? [`  - and ${left.length - mostTold} more\n`] : []),
    ])
  return 0
}
