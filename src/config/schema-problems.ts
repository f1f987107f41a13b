import { z } from 'zod'
import { describe, pathText, type Problem } from './problem.ts'
import { didYouMean } from '../core/suggest.ts'
import type { YamlFile } from './yaml-file.ts'
import { realKey } from './yaml-value.ts'

type Path = readonly PropertyKey[]

/**
 * What a value may be, in words that end the sentence "allowed is …". A schema's own words win (zod asks it first);
 * these are for the rest. For unknown keys: the known ones, for `schemaProblems` to choose from.
 */
export const allowedWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords.get(issue.expected) ?? `a value of type ${issue.expected}`
    case 'invalid_value':
      return oneOf(issue.values.map(String))
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'at least one'
        : `at least ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    case 'unrecognized_keys':
      return JSON.stringify(knownKeys(issue.inst))
    default:
      return undefined
  }
}

const typeWords: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['boolean', 'true or false'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['array', 'a list'],
  ['object', 'a mapping'],
  ['record', 'a mapping'],
])

export function oneOf(values: readonly string[]): string {
  const head = values.slice(0, -1).join(', ')
  return head === '' ? String(values[0]) : `${head} or ${values.at(-1)}`
}

function knownKeys(schema: unknown): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  return schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum
    ? schema.keyType.options.map(String)
    : []
}

/** zod's issues as sentences with places. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], file: YamlFile): Problem[] {
  return issues.flatMap((issue) => issueProblems(issue, issue.path, file))
}

function issueProblems(issue: z.core.$ZodIssue, path: Path, file: YamlFile): Problem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(key, path, issue.message, file))
  if (issue.code === 'invalid_union') return unionProblems(issue, path, file)
  const say = (text: string, key?: 'key'): Problem => ({
    ...file.position(path, key),
    text: `${named(path)}${text}`,
  })
  if (issue.code === 'invalid_key') return [say('a name must not be empty', 'key')]
  if (issue.code === 'custom' && issue.params?.['found'] !== true) return [say(issue.message)]
  const found = valueAt(file.value, path)
  if (found === undefined && path.length > 0) return [say(`is missing, allowed is ${issue.message}`, 'key')]
  const hint =
    issue.code === 'invalid_value' && typeof found === 'string'
      ? didYouMean(found, issue.values.map(String))
      : ''
  return [say(`found ${describe(found)}, allowed is ${issue.message}${hint}`)]
}

function unknownKey(key: string, path: Path, known: string, file: YamlFile): Problem {
  const allowed = JSON.parse(known) as string[]
  const secret = /key|secret|token|password/i.test(key)
    ? '; keys are read from the environment only (see doctor --help)'
    : didYouMean(realKey(key), allowed)
  const text = `unknown key, allowed is ${oneOf(allowed)}${secret}`
  return { ...file.position([...path, key], 'key'), text: `${named([...path, key])}${text}` }
}

/** The branch that took the kind of value is the one that the user meant; without one, all that is allowed. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: Path, file: YamlFile): Problem[] {
  const meant = issue.errors.find((branch) =>
    branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  )
  if (meant !== undefined)
    return meant.flatMap((inner) => issueProblems(inner, [...path, ...inner.path], file))
  const allowed = [...new Set(issue.errors.map((branch) => branch[0]?.message ?? ''))].filter(
    (words) => words !== '',
  )
  const text = `found ${describe(valueAt(file.value, path))}, allowed is ${oneOf(allowed)}`
  return [{ ...file.position(path), text: `${named(path)}${text}` }]
}

function named(path: Path): string {
  return path.length === 0
    ? ''
    : `${pathText(path.map((step) => (typeof step === 'string' ? realKey(step) : step)))}: `
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined
    current = (current as Record<PropertyKey, unknown>)[step]
  }
  return current
}
